package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.target.Bandwidth;
import dev.copperplate.backup.target.ReadOnlyTarget;
import dev.copperplate.backup.target.RetryPolicy;
import dev.copperplate.backup.target.RetryingTarget;
import dev.copperplate.backup.target.ThrottledTarget;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** Our own decorators. */
class DecoratorsTest {

  @Nested
  class Retrying extends DecoratorContract {
    @Override
    protected BackupTarget decorate(BackupTarget target) {
      return RetryingTarget.of(target, RetryPolicy.DEFAULT);
    }
  }

  @Nested
  class Throttled extends DecoratorContract {
    @Override
    protected BackupTarget decorate(BackupTarget target) {
      return ThrottledTarget.of(target, Bandwidth.unlimited(), Bandwidth.unlimited());
    }
  }

  @Nested
  class ReadOnly extends DecoratorContract {
    @Override
    protected BackupTarget decorate(BackupTarget target) {
      return ReadOnlyTarget.of(target);
    }

    @Override
    protected Set<String> refused() {
      return Set.of("put", "delete", "retain");
    }
  }

  @Nested
  class Hostile extends DecoratorContract {
    @Override
    protected BackupTarget decorate(BackupTarget target) {
      return HostileTarget.over(target);
    }
  }

  @Nested
  class LateListing extends DecoratorContract {
    @Override
    protected BackupTarget decorate(BackupTarget target) {
      return LateListingTarget.over(target, 0);
    }
  }

  @Nested
  class Skewed extends DecoratorContract {
    @Override
    protected BackupTarget decorate(BackupTarget target) {
      return SkewedTarget.over(target, Duration.ZERO);
    }
  }

  /** Remembers what is retained, since what it decorates may not be able to. */
  @Nested
  class Retaining extends DecoratorContract {
    @Override
    protected BackupTarget decorate(BackupTarget target) {
      return RetainingTarget.over(target, InstantSource.system());
    }

    @Override
    protected Set<String> refused() {
      return Set.of("retain");
    }
  }
}
