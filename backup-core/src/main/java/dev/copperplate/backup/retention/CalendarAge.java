package dev.copperplate.backup.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRules;

/**
 * Years, months and days by the clocks of a zone, counted back as restic does. It has the rules of
 * Go, which differ from those of {@code java.time} where a day or an hour does not exist.
 *
 * @param period how long
 * @param zone whose clocks
 */
record CalendarAge(Period period, ZoneId zone) {

  private static final int LONGEST_YEARS = 10_000;
  private static final int MONTHS_OF_YEAR = 12;
  private static final int DAYS_OF_YEAR = 366;

  CalendarAge {
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("An age is longer than nothing: " + period);
    }
    if (period.toTotalMonths() > LONGEST_YEARS * MONTHS_OF_YEAR
        || period.get(ChronoUnit.DAYS) > LONGEST_YEARS * DAYS_OF_YEAR) {
      throw new IllegalArgumentException("An age is up to 10,000 years: " + period);
    }
  }

  /** The time that long before another. */
  Instant before(Instant time) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    // The 31st of a month of 30 days is the 1st of the next.
    LocalDate day =
        local
            .toLocalDate()
            .withDayOfMonth(1)
            .minusMonths(period.toTotalMonths())
            .plusDays(local.getDayOfMonth() - 1L - period.get(ChronoUnit.DAYS));
    return instant(day.atTime(local.toLocalTime()), zone.getRules());
  }

  /** What clocks show twice or never is taken for the offset that this guess leads to. */
  private static Instant instant(LocalDateTime local, ZoneRules rules) {
    ZoneOffset guess = rules.getOffset(local.toInstant(ZoneOffset.UTC));
    return local.toInstant(rules.getOffset(local.toInstant(guess)));
  }
}
