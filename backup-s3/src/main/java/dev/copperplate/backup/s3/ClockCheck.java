package dev.copperplate.backup.s3;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.time.Duration;
import java.util.List;

/**
 * How far the clocks of store and machine are apart. Requests are refused from 15 minutes on;
 * retention, and the age of locks, are wrong by the difference long before.
 */
final class ClockCheck implements PreflightCheck {

  private static final Duration UNNOTICED = Duration.ofSeconds(5);
  private static final Duration TOLERABLE = Duration.ofMinutes(1);

  private final Duration ahead;

  ClockCheck(Duration ahead) {
    this.ahead = ahead;
  }

  @Override
  public String subject() {
    return "clock";
  }

  @Override
  public void look(List<Finding> findings) {
    if (ahead.abs().compareTo(UNNOTICED) > 0) {
      findings.add(
          new Finding(
              ahead.abs().compareTo(TOLERABLE) > 0 ? Severity.ERROR : Severity.WARNING,
              subject(),
              "The store's clock is "
                  + ahead.abs().toSeconds()
                  + " s "
                  + (ahead.isNegative() ? "behind" : "before")
                  + " this machine's",
              "Set the clocks by a time server"));
    }
  }
}
