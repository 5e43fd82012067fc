package dev.copperplate.backup.retention;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** The periods of a calendar for each of which one snapshot stands. */
enum CalendarPeriod {
  HOURLY,
  DAILY,
  /** Of ISO 8601: from Monday to Sunday, also over the turn of a year. */
  WEEKLY,
  MONTHLY,
  YEARLY;

  /** Such as {@code weekly}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the clocks of a zone show where the period of a time begins. */
  LocalDateTime start(Instant time, ZoneId zone) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    LocalDateTime day = local.truncatedTo(ChronoUnit.DAYS);
    return switch (this) {
      case HOURLY -> local.truncatedTo(ChronoUnit.HOURS);
      case DAILY -> day;
      case WEEKLY -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTHLY -> day.withDayOfMonth(1);
      case YEARLY -> day.withDayOfYear(1);
    };
  }

  /** The period that starts so, for a person: {@code 2026-11-18}, {@code 2026-W47}. */
  String describe(LocalDateTime start) {
    return switch (this) {
      case HOURLY -> start.toLocalDate() + " " + start.toLocalTime();
      case DAILY -> start.toLocalDate().toString();
      case WEEKLY -> week(start);
      case MONTHLY -> YearMonth.from(start).toString();
      case YEARLY -> Integer.toString(start.getYear());
    };
  }

  private static String week(LocalDateTime monday) {
    String day = DateTimeFormatter.ISO_WEEK_DATE.format(monday);
    return day.substring(0, day.lastIndexOf('-'));
  }
}
