package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.target.RetryPolicy;
import dev.copperplate.backup.target.RetryingTarget;
import java.time.Duration;

/** With retries, a store keeps all promises that answers one time in three. */
class RetryingTargetContractTest extends BackupTargetContract {

  // Deleting a thousand objects takes many rounds.
  private static final RetryPolicy AT_ONCE =
      new RetryPolicy(100_000, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1));

  @Override
  protected BackupTarget emptyTarget() {
    HostileTarget flaky = HostileTarget.over(new MemoryTarget());
    flaky.on(Calls.that(each -> each.number() % 3 == 0), Fault.refused(Kind.UNAVAILABLE));
    flaky.on(Calls.that(each -> each.number() % 3 == 1), Fault.halfWay());
    return RetryingTarget.of(flaky, AT_ONCE);
  }
}
