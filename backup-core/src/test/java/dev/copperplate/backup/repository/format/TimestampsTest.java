package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TimestampsTest {

  @Property(tries = 500)
  void readsWhatItWrote(
      @ForAll @LongRange(min = -62_167_219_200L, max = 253_402_300_799L) long second,
      @ForAll @IntRange(max = 999_999_999) int nano) {
    Instant time = Instant.ofEpochSecond(second, nano);
    assertEquals(time, Timestamps.parse(Timestamps.format(time)));
    assertEquals(time, Instant.parse(Timestamps.format(time)));
  }

  @Test
  void writesSecondsAlwaysAndFractionsWithoutTrailingZeros() {
    assertWritten("0001-01-01T00:00:00Z", Timestamps.UNKNOWN);
    assertWritten("1970-01-01T00:00:00Z", Instant.EPOCH);
    assertWritten("1969-12-31T23:59:59.999999999Z", Instant.ofEpochSecond(0, -1));
    assertWritten("2024-02-29T12:00:00.1Z", Instant.parse("2024-02-29T12:00:00.100Z"));
    assertWritten("2024-02-29T12:00:00.00000001Z", Instant.parse("2024-02-29T12:00:00.000000010Z"));
    assertWritten(
        "2024-02-29T12:00:00.123456789Z", Instant.parse("2024-02-29T12:00:00.123456789Z"));
  }

  @Test
  void movesYearsThatFourDigitsCannotSayAsResticDoes() {
    assertWritten("9999-12-31T23:59:59.9Z", Instant.parse("9999-12-31T23:59:59.9Z"));
    assertWritten("9999-05-06T07:08:09Z", Instant.parse("+12345-05-06T07:08:09Z"));
    assertWritten("0000-05-06T07:08:09Z", Instant.parse("-0044-05-06T07:08:09Z"));
    assertWritten("9999-03-01T00:00:00Z", Instant.parse("+12000-02-29T00:00:00Z")); // no leap year
    assertWritten("0000-02-29T00:00:00Z", Instant.parse("-0004-02-29T00:00:00Z")); // a leap year
    assertWritten("9999-12-31T23:59:59.999999999Z", Instant.MAX);
    assertWritten("0000-01-01T00:00:00Z", Instant.MIN);
  }

  @Test
  void readsOffsetsAsTheInstantsTheyMean() {
    Instant noon = Instant.parse("2024-02-29T12:00:00Z");
    assertEquals(noon, Timestamps.parse("2024-02-29T13:30:00+01:30"));
    assertEquals(noon, Timestamps.parse("2024-02-28T23:00:00-13:00"));
    assertEquals(noon, Timestamps.parse("2024-03-01T11:59:00+23:59"));
    assertEquals(noon.plusNanos(5), Timestamps.parse("2024-02-29T12:00:00.000000005+00:00"));
    assertEquals(
        Instant.parse("-0001-12-31T23:00:00Z"), Timestamps.parse("0000-01-01T00:00:00+01:00"));
  }

  @Test
  void dropsDigitsBeyondNanoseconds() {
    assertEquals(
        Instant.EPOCH.plusNanos(123_456_789), Timestamps.parse("1970-01-01T00:00:00.12345678999Z"));
  }

  @Test
  void refusesWhatGoRefuses() {
    for (String wrong :
        new String[] {
          "",
          "Z",
          "+01:00",
          "2024-02-29",
          "2024-02-29T12:00Z",
          "2024-02-29T12:00:00",
          "2024-02-29T12:00:00z",
          "2024-02-29t12:00:00Z",
          "2024-02-29 12:00:00Z",
          "2023-02-29T12:00:00Z",
          "2024-13-01T12:00:00Z",
          "2024-00-01T12:00:00Z",
          "2024-02-29T24:00:00Z",
          "2024-02-29T12:60:00Z",
          "2024-02-29T12:00:60Z",
          "2024-02-29T12:00:00.Z",
          "2024-02-29T12:00:00,5Z",
          "2024-02-29T12:00:00.5xZ",
          "2024-02-29T12:00:00+24:00",
          "2024-02-29T12:00:00+01:60",
          "2024-02-29T12:00:00+0100",
          "2024-02-29T12:00:00 01:00",
          "2024-02-29T12:00:00+01:00:00",
          "+2024-02-29T12:00:00Z",
          "12024-02-29T12:00:00Z",
          "-024-02-29T12:00:00Z",
          "2024-2-29T12:00:00Z",
          "2024-02-29T1:00:00Z",
          " 2024-02-29T12:00:00Z",
          "\uff12024-02-29T12:00:00Z"
        }) {
      assertThrows(IllegalArgumentException.class, () -> Timestamps.parse(wrong), wrong);
    }
  }

  private static void assertWritten(String expected, Instant time) {
    assertEquals(expected, Timestamps.format(time));
  }
}
