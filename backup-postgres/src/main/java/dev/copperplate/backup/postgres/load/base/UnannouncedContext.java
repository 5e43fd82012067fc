package dev.copperplate.backup.postgres.load.base;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.postgres.restore.ForwardingContext;

/** The run for what only changes its own scratch directory: its plan is nobody's business. */
final class UnannouncedContext extends ForwardingContext {

  UnannouncedContext(RestoreContext context) {
    super(context);
  }

  @Override
  public void begin(RestorePlan plan) {
    // What the run announces is what it does to the live database.
  }

  @Override
  public void expect(long files, long bytes) {
    // So are its figures.
  }
}
