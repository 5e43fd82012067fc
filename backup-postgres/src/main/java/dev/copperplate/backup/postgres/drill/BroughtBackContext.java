package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.Workers;
import dev.copperplate.backup.postgres.restore.ForwardingContext;

/**
 * The run for one database of several that a drill restores: announced with the others, and free to
 * fail.
 */
final class BroughtBackContext extends ForwardingContext {

  private final Workers workers;

  BroughtBackContext(RestoreContext context) {
    super(context);
    this.workers = new SparingWorkers(context.workers());
  }

  @Override
  public void begin(RestorePlan plan) {
    // The drill has announced all databases.
  }

  @Override
  public void expect(long files, long bytes) {
    // So has it counted them.
  }

  @Override
  public Workers workers() {
    return workers;
  }
}
