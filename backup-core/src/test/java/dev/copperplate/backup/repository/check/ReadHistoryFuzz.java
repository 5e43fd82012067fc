package dev.copperplate.backup.repository.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class ReadHistoryFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"reads\":[{\"at\":\"2026-11-20T15:31:43Z\",\"packs\":\"00112233445566778899aabbccddeeff\"}]}")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {
    AnyBytes.read(stored, ReadHistoryFuzz::reads);
  }

  private static int reads(byte[] stored) throws IOException {
    int[] count = {0};
    ReadHistory.decode(stored, (prefix, at) -> count[0]++);
    return count[0];
  }
}
