package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.postgres.restore.ForwardingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The run of a drill, in which a restore begins only where there is room for what it is going to
 * write, and what is merely good to know of the copy, which nobody will ever see, is not said.
 */
final class DrillContext extends ForwardingContext {

  DrillContext(RestoreContext context) {
    super(context);
  }

  @Override
  public void begin(RestorePlan plan) throws BackupException {
    super.begin(plan);
    long room;
    Path scratch;
    try {
      scratch = scratch();
      room = Files.getFileStore(scratch).getUsableSpace();
    } catch (IOException e) {
      throw new BackupException(Kind.UNAVAILABLE, "Cannot ask for the room of a drill", e);
    }
    if (plan.bytes() > room) {
      throw new BackupException(
          Kind.FULL,
          "No drill was made: it needs "
              + plan.bytes()
              + " bytes, and "
              + scratch.getParent()
              + " has room for "
              + room
              + ". Name a larger scratch directory in the options of the repository");
    }
  }

  @Override
  public void report(Finding finding) {
    if (finding.severity() != Finding.Severity.INFO) {
      super.report(finding);
    }
  }
}
