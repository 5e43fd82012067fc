package dev.copperplate.backup.repository.format;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
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

  /** The most bytes of a written time. */
  static final int MAX_SIZE = "2006-01-02T15:04:05.123456789Z".length();

  private static final int MAX_YEAR = 9999;
  private static final int NANO_DIGITS = 9;
  private static final int FRACTION_AT = "2006-01-02T15:04:05".length();
  private static final int OFFSET_SIZE = "+07:00".length();
  private static final long LEAST_SECOND = LocalDateTime.MIN.toEpochSecond(ZoneOffset.UTC);
  private static final long MOST_SECOND = LocalDateTime.MAX.toEpochSecond(ZoneOffset.UTC);

  private Timestamps() {}

  /**
   * The time in UTC. Years that four digits cannot say become 0 or 9999, the rest of the date
   * stays: restic writes them so.
   */
  public static String format(Instant instant) {
    byte[] ascii = new byte[MAX_SIZE];
    return new String(ascii, 0, write(instant, ascii, 0), StandardCharsets.US_ASCII);
  }

  /**
   * Puts what {@link #format} would say into the array, without an object for each of the three
   * times of each file, and returns the offset behind it.
   */
  static int write(Instant instant, byte[] target, int offset) {
    LocalDateTime time = withinFourDigits(utc(instant));
    int at = digits(target, offset, time.getYear(), 4);
    target[at++] = '-';
    at = digits(target, at, time.getMonthValue(), 2);
    target[at++] = '-';
    at = digits(target, at, time.getDayOfMonth(), 2);
    target[at++] = 'T';
    at = digits(target, at, time.getHour(), 2);
    target[at++] = ':';
    at = digits(target, at, time.getMinute(), 2);
    target[at++] = ':';
    at = digits(target, at, time.getSecond(), 2);
    at = fraction(target, at, time.getNano());
    target[at++] = 'Z';
    return at;
  }

  /**
   * Reads a time as strictly as Go does; digits beyond nanoseconds are dropped.
   *
   * @throws IllegalArgumentException if the text is no such time
   */
  public static Instant parse(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return parse(utf8, 0, utf8.length);
  }

  /** The same, for a part of an array. */
  static Instant parse(byte[] text, int from, int to) {
    try {
      return new Parser(text, from, to).parse();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("Not a time: " + e.getMessage(), e);
    }
  }

  private static LocalDateTime utc(Instant instant) {
    // An Instant reaches a year further than a LocalDateTime; both are far beyond what counts here.
    long second = Math.max(LEAST_SECOND, Math.min(MOST_SECOND, instant.getEpochSecond()));
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

  private static int fraction(byte[] target, int offset, int nanos) {
    if (nanos == 0) {
      return offset;
    }
    target[offset] = '.';
    int end = digits(target, offset + 1, nanos, NANO_DIGITS);
    while (target[end - 1] == '0') {
      end--;
    }
    return end;
  }

  private static int digits(byte[] target, int offset, int value, int count) {
    int rest = value;
    for (int at = offset + count - 1; at >= offset; at--) {
      target[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return offset + count;
  }

  /** Reads one text. */
  private record Parser(byte[] text, int from, int to) {

    Instant parse() {
      if (to - from <= FRACTION_AT) {
        throw wrong();
      }
      int offsetAt = text[to - 1] == 'Z' ? to - 1 : to - OFFSET_SIZE;
      int fractionAt = from + FRACTION_AT;
      if (offsetAt < fractionAt) {
        throw wrong();
      }
      LocalDate date = LocalDate.of(number(0, 4), number(5, 2, '-'), number(8, 2, '-'));
      int hour = number(11, 2, 'T');
      int minute = number(14, 2, ':');
      int second = number(17, 2, ':');
      if (hour > 23 || minute > 59 || second > 59) {
        throw wrong();
      }
      long seconds = date.toEpochDay() * 86_400 + (hour * 60L + minute) * 60 + second;
      return Instant.ofEpochSecond(seconds - offset(offsetAt), nanos(fractionAt, offsetAt));
    }

    private int nanos(int at, int end) {
      if (at == end) {
        return 0;
      }
      if (text[at] != '.' || end == at + 1) {
        throw wrong();
      }
      int nanos = 0;
      for (int i = 1; i <= NANO_DIGITS; i++) {
        nanos = nanos * 10 + (at + i < end ? digit(at + i) : 0);
      }
      for (int i = at + NANO_DIGITS + 1; i < end; i++) {
        digit(i);
      }
      return nanos;
    }

    private int offset(int at) {
      if (text[at] == 'Z') {
        return 0;
      }
      int hours = digit(at + 1) * 10 + digit(at + 2);
      int minutes = digit(at + 4) * 10 + digit(at + 5);
      byte sign = text[at];
      if ((sign != '+' && sign != '-') || text[at + 3] != ':' || hours > 23 || minutes > 59) {
        throw wrong();
      }
      int seconds = (hours * 60 + minutes) * 60;
      return sign == '-' ? -seconds : seconds;
    }

    private int number(int at, int count, char after) {
      if (text[from + at - 1] != after) {
        throw wrong();
      }
      return number(at, count);
    }

    private int number(int at, int count) {
      int value = 0;
      for (int i = from + at; i < from + at + count; i++) {
        value = value * 10 + digit(i);
      }
      return value;
    }

    private int digit(int at) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        throw wrong();
      }
      return digit;
    }

    private IllegalArgumentException wrong() {
      int shown = Math.min(to - from, 40);
      String more = shown < to - from ? "..." : "";
      return new IllegalArgumentException(
          "Not a time of RFC 3339: "
              + new String(text, from, shown, StandardCharsets.UTF_8)
              + more);
    }
  }
}
