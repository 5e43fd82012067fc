package dev.copperplate.backup.repository.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class LockFileFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"time\":\"2026-11-20T15:31:43Z\",\"exclusive\":true,\"hostname\":\"h\",\"username\":\"u\",\"pid\":1,\"uid\":2,\"gid\":3}")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {
    AnyBytes.roundTrip(stored, LockFile::decode, LockFile::encode);
  }
}
