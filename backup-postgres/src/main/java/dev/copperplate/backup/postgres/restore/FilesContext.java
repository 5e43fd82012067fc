package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The run of a restore of files that is a part of this one: the plan was announced, and what goes
 * wrong is counted, since a data directory that is not whole is none.
 */
final class FilesContext extends ForwardingContext {

  private final AtomicLong complaints = new AtomicLong();

  FilesContext(RestoreContext context) {
    super(context);
  }

  /** How many findings said that something is not as it was stored. */
  long complaints() {
    return complaints.get();
  }

  @Override
  public void begin(RestorePlan plan) {
    // The plan of the whole was announced.
  }

  @Override
  public void report(Finding finding) {
    if (finding.severity() != Finding.Severity.INFO) {
      complaints.incrementAndGet();
    }
    super.report(finding);
  }

  @Override
  public void expect(long files, long bytes) {
    // The whole was said.
  }
}
