package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * The run of a drill, in which a restore begins only where there is room for what it is going to
 * write, and what is merely good to know of the copy, which nobody will ever see, is not said.
 */
final class DrillContext implements RestoreContext {

  private final RestoreContext context;

  DrillContext(RestoreContext context) {
    this.context = context;
  }

  @Override
  public void begin(RestorePlan plan) throws BackupException {
    context.begin(plan);
    long room;
    Path scratch;
    try {
      scratch = context.scratch();
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
      context.report(finding);
    }
  }

  @Override
  public void expect(long files, long bytes) {
    context.expect(files, bytes);
  }

  @Override
  public RunId run() {
    return context.run();
  }

  @Override
  public InstantSource clock() {
    return context.clock();
  }

  @Override
  public Snapshots snapshots() {
    return context.snapshots();
  }

  @Override
  public Workers workers() {
    return context.workers();
  }

  @Override
  public Path scratch() throws IOException {
    return context.scratch();
  }

  @Override
  public <T extends AutoCloseable> T attach(T resource) {
    return context.attach(resource);
  }
}
