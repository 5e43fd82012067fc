package dev.copperplate.backup.testkit.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpanTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=0-, 0, 10",
    "bytes=9-9, 9, 1",
    "bytes=3-999999999999, 3, 7",
    "bytes=-1, 9, 1",
    "bytes=-99, 0, 10"
  })
  void aRangeIsCutAtTheEnd(String header, int from, int length) {
    assertEquals(Optional.of(new Span(from, length)), Span.parse(header, 10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "lines=1-2", "1-2"})
  void whatIsNoRangeCountsAsNone(String header) {
    assertEquals(Optional.empty(), Span.parse(header, 10));
  }

  @ParameterizedTest
  @CsvSource({"bytes=10-, 10", "bytes=0-, 0", "bytes=-0, 10", "bytes=-5, 0"})
  void aRangeBehindTheEndIsRefused(String header, int size) {
    S3Error refused = assertThrows(S3Error.class, () -> Span.parse(header, size));
    assertEquals(416, refused.status());
  }
}
