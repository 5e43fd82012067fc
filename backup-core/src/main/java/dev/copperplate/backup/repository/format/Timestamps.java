package dev.copperplate.backup.repository.format;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Times as Go writes them: RFC 3339 with seconds always, up to nine digits of a fraction without
 * its trailing zeros, and an offset. Written in UTC; other offsets are read as the instants they
 * mean.
 */
public final class Timestamps {

  /** An unknown time: Go's zero time, the first of January of the year 1. */
  public static final Instant UNKNOWN = Instant.parse("0001-01-01T00:00:00Z");

  private static final int MAX_YEAR = 9999;
  private static final int NANO_DIGITS = 9;
  private static final int FRACTION_AT = "2006-01-02T15:04:05".length();
  private static final int OFFSET_SIZE = "+07:00".length();
  private static final String PATTERN = "0000-00-00T00:00:00";

  private Timestamps() {}

  /**
   * The time in UTC. Years that four digits cannot say become 0 or 9999, the rest of the date
   * stays: restic writes them so.
   */
  public static String format(Instant instant) {
    LocalDateTime time = withinFourDigits(utc(instant));
    StringBuilder text = new StringBuilder("0000-00-00T00:00:00.000000000Z".length());
    digits(text, time.getYear(), 4).append('-');
    digits(text, time.getMonthValue(), 2).append('-');
    digits(text, time.getDayOfMonth(), 2).append('T');
    digits(text, time.getHour(), 2).append(':');
    digits(text, time.getMinute(), 2).append(':');
    digits(text, time.getSecond(), 2);
    fraction(text, time.getNano());
    return text.append('Z').toString();
  }

  /**
   * Reads a time as strictly as Go does; digits beyond nanoseconds are dropped.
   *
   * @throws IllegalArgumentException if the text is no such time
   */
  public static Instant parse(String text) {
    try {
      return new Parser(text).parse();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("Not a time: " + e.getMessage(), e);
    }
  }

  private static LocalDateTime utc(Instant instant) {
    // An Instant reaches a year further than a LocalDateTime; both are far beyond what counts here.
    long least = LocalDateTime.MIN.toEpochSecond(ZoneOffset.UTC);
    long most = LocalDateTime.MAX.toEpochSecond(ZoneOffset.UTC);
    long second = Math.max(least, Math.min(most, instant.getEpochSecond()));
    return LocalDateTime.ofEpochSecond(second, instant.getNano(), ZoneOffset.UTC);
  }

  private static LocalDateTime withinFourDigits(LocalDateTime time) {
    int year = Math.max(0, Math.min(MAX_YEAR, time.getYear()));
    if (year == time.getYear()) {
      return time;
    }
    // By way of the first day: in Go, 29 February of a common year is 1 March.
    return time.withDayOfMonth(1).withYear(year).plusDays(time.getDayOfMonth() - 1L);
  }

  private static void fraction(StringBuilder text, int nanos) {
    if (nanos == 0) {
      return;
    }
    digits(text.append('.'), nanos, NANO_DIGITS);
    while (text.charAt(text.length() - 1) == '0') {
      text.setLength(text.length() - 1);
    }
  }

  private static StringBuilder digits(StringBuilder text, int value, int count) {
    int divisor = 1;
    for (int i = 1; i < count; i++) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      text.append((char) ('0' + value / divisor % 10));
    }
    return text;
  }

  /** Reads one text. */
  private static final class Parser {

    private final String text;

    Parser(String text) {
      this.text = text;
    }

    Instant parse() {
      checkPattern();
      int offsetAt = text.endsWith("Z") ? text.length() - 1 : text.length() - OFFSET_SIZE;
      if (offsetAt < FRACTION_AT) {
        throw wrong();
      }
      LocalDateTime time =
          LocalDateTime.of(
              number(0, 4),
              number(5, 2),
              number(8, 2),
              number(11, 2),
              number(14, 2),
              number(17, 2),
              nanos(offsetAt));
      return time.toInstant(ZoneOffset.UTC).minusSeconds(offset(offsetAt));
    }

    private void checkPattern() {
      if (text.length() <= FRACTION_AT) {
        throw wrong();
      }
      for (int i = 0; i < FRACTION_AT; i++) {
        char expected = PATTERN.charAt(i);
        if (expected != '0' && text.charAt(i) != expected) {
          throw wrong();
        }
      }
    }

    private int nanos(int end) {
      if (end == FRACTION_AT) {
        return 0;
      }
      int digits = end - FRACTION_AT - 1;
      if (text.charAt(FRACTION_AT) != '.' || digits == 0) {
        throw wrong();
      }
      int nanos = 0;
      for (int i = 0; i < Math.max(digits, NANO_DIGITS); i++) {
        int digit = i < digits ? number(FRACTION_AT + 1 + i, 1) : 0;
        nanos = i < NANO_DIGITS ? nanos * 10 + digit : nanos;
      }
      return nanos;
    }

    private int offset(int at) {
      if (text.charAt(at) == 'Z') {
        return 0;
      }
      int hours = number(at + 1, 2);
      int minutes = number(at + 4, 2);
      char sign = text.charAt(at);
      if ((sign != '+' && sign != '-') || text.charAt(at + 3) != ':') {
        throw wrong();
      }
      if (hours > 23 || minutes > 59) {
        throw wrong();
      }
      int seconds = (hours * 60 + minutes) * 60;
      return sign == '-' ? -seconds : seconds;
    }

    private int number(int at, int count) {
      int value = 0;
      for (int i = at; i < at + count; i++) {
        char digit = text.charAt(i);
        if (digit < '0' || digit > '9') {
          throw wrong();
        }
        value = value * 10 + digit - '0';
      }
      return value;
    }

    private IllegalArgumentException wrong() {
      String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
      return new IllegalArgumentException("Not a time of RFC 3339: " + shown);
    }
  }
}
