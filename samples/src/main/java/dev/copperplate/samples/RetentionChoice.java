package dev.copperplate.samples;

import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.retention.RetentionPolicies;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;

/** What a command line wants to keep, in the words of restic's {@code forget}. */
final class RetentionChoice {

  private static final String LAST = "--keep-last";
  private static final String HOURLY = "--keep-hourly";
  private static final String DAILY = "--keep-daily";
  private static final String WEEKLY = "--keep-weekly";
  private static final String MONTHLY = "--keep-monthly";
  private static final String YEARLY = "--keep-yearly";
  private static final String WITHIN = "--keep-within";
  private static final String TAGGED = "--keep-tag";
  private static final String ZONE = "--zone";

  static final List<Option> OPTIONS =
      List.of(
          Option.optional(LAST, "N", "keep the newest N snapshots"),
          Option.optional(HOURLY, "N", "keep the newest of each of the last N hours with any"),
          Option.optional(DAILY, "N", "keep the newest of each of the last N days with any"),
          Option.optional(WEEKLY, "N", "keep the newest of each of the last N weeks with any"),
          Option.optional(MONTHLY, "N", "keep the newest of each of the last N months with any"),
          Option.optional(YEARLY, "N", "keep the newest of each of the last N years with any"),
          Option.optional(WITHIN, "AGE", "keep what is younger, seen from the newest: 1y6m7d, 36h"),
          Option.repeatable(TAGGED, "TAG[,TAG]", "keep what carries all of these tags"),
          Option.optional(ZONE, "ZONE", "whose days these are; by default, the system's"));

  private final Arguments arguments;
  private final ZoneId zone;

  private RetentionChoice(Arguments arguments, ZoneId zone) {
    this.arguments = arguments;
    this.zone = zone;
  }

  static RetentionChoice of(Arguments arguments) throws UsageException {
    Optional<String> zone = arguments.optional(ZONE);
    try {
      return new RetentionChoice(
          arguments, zone.isPresent() ? ZoneId.of(zone.get()) : ZoneId.systemDefault());
    } catch (DateTimeException unknown) {
      throw new UsageException("Not a zone such as Europe/Berlin: " + zone.orElse(""));
    }
  }

  ZoneId zone() {
    return zone;
  }

  /** Keeps what any of the options keeps. */
  RetentionPolicy policy() throws UsageException {
    List<RetentionPolicy> policies = new ArrayList<>();
    count(policies, LAST, RetentionPolicies::last);
    count(policies, HOURLY, n -> RetentionPolicies.hourly(n, zone));
    count(policies, DAILY, n -> RetentionPolicies.daily(n, zone));
    count(policies, WEEKLY, n -> RetentionPolicies.weekly(n, zone));
    count(policies, MONTHLY, n -> RetentionPolicies.monthly(n, zone));
    count(policies, YEARLY, n -> RetentionPolicies.yearly(n, zone));
    for (String age : arguments.all(WITHIN)) {
      policies.add(within(age));
    }
    for (String tags : arguments.all(TAGGED)) {
      policies.add(Arguments.checked(() -> RetentionPolicies.tagged(tags.split(","))));
    }
    if (policies.isEmpty()) {
      throw new UsageException("Nothing says what to keep: give at least one --keep option");
    }
    return RetentionPolicies.any(policies.toArray(RetentionPolicy[]::new));
  }

  private void count(
      List<RetentionPolicy> policies, String option, IntFunction<RetentionPolicy> policy)
      throws UsageException {
    for (String text : arguments.all(option)) {
      try {
        int n = Integer.parseInt(text);
        policies.add(Arguments.checked(() -> policy.apply(n)));
      } catch (NumberFormatException noNumber) {
        throw new UsageException(option + " takes a number: " + text);
      }
    }
  }

  /** As ISO 8601 has it, or restic. */
  private RetentionPolicy within(String age) throws UsageException {
    String iso = age.toUpperCase(Locale.ROOT);
    if (!iso.startsWith("P")) {
      iso = (iso.endsWith("H") ? "PT" : "P") + iso;
    }
    String text = iso;
    try {
      return Arguments.checked(
          () ->
              text.startsWith("PT")
                  ? RetentionPolicies.within(Duration.parse(text))
                  : RetentionPolicies.within(Period.parse(text), zone));
    } catch (DateTimeException unclear) {
      throw new UsageException(
          WITHIN + " takes years, months and days, or hours, such as 1y6m7d or 36h: " + age);
    }
  }
}
