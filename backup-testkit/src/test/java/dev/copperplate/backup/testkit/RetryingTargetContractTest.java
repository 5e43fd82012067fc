package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.target.RetryPolicy;
import dev.copperplate.backup.target.RetryingTarget;
import java.time.Duration;

/** With retries, a store that fails every third time keeps all promises. */
class RetryingTargetContractTest extends BackupTargetContract {

  // A large object is read in thousands of steps, and the attempts are those of the whole stream.
  private static final RetryPolicy AT_ONCE =
      new RetryPolicy(100_000, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1));

  @Override
  protected BackupTarget emptyTarget() {
    return RetryingTarget.of(new FlakyTarget(new MemoryTarget()), AT_ONCE);
  }
}
