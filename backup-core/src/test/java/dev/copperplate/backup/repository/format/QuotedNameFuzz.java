package dev.copperplate.backup.repository.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class QuotedNameFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "plain",
            "\\x00\\u00e4\\U0001f600\\377\\\"\\\\",
            "2026-11-20T15:31:43.508981803+01:00",
            "0000-02-29T23:59:59-23:59")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {

    AnyBytes.require(
        Arrays.equals(QuotedName.decode(text(QuotedName.encode(stored))), stored),
        "The name does not survive");
    try {
      QuotedName.decode(text(stored));
    } catch (IllegalArgumentException refused) {
      // As Go would.
    }
    try {
      Instant time = Timestamps.parse(text(stored));
      Timestamps.parse(Timestamps.format(time));
    } catch (IllegalArgumentException refused) {
      // As Go would.
    }
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
