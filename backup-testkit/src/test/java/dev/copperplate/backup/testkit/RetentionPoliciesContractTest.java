package dev.copperplate.backup.testkit;

import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.retention.RetentionPolicies;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import net.jqwik.api.Group;

/** The suite with every policy that comes with the library. */
@SuppressWarnings("ClassCanBeStatic") // Groups of jqwik are not static.
class RetentionPoliciesContractTest {

  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  @Group
  class Last extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.last(3);
    }
  }

  @Group
  class Hourly extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.hourly(5, ZONE);
    }
  }

  @Group
  class Daily extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.daily(4, ZONE);
    }
  }

  @Group
  class Weekly extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.weekly(3, ZONE);
    }
  }

  @Group
  class Monthly extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.monthly(3, ZONE);
    }
  }

  @Group
  class Yearly extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.yearly(2, ZONE);
    }
  }

  @Group
  class WithinDuration extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.within(Duration.ofHours(30));
    }
  }

  @Group
  class WithinPeriod extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.within(Period.of(1, 1, 1), ZONE);
    }
  }

  @Group
  class Tagged extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.tagged("keep");
    }
  }

  @Group
  class Unreplaced extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.unreplaced();
    }
  }

  @Group
  class Gfs extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.gfs(3, 2, 2, ZONE);
    }
  }

  @Group
  class Any extends RetentionPolicyContract {

    @Override
    protected RetentionPolicy policy() {
      return RetentionPolicies.any(
          RetentionPolicies.gfs(3, 2, 0, ZONE),
          RetentionPolicies.within(Period.ofDays(2), ZONE),
          RetentionPolicies.tagged("keep"),
          RetentionPolicies.unreplaced());
    }
  }
}
