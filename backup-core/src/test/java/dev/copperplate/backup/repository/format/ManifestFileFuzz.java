package dev.copperplate.backup.repository.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestFileFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"lsn\":\"0/16B3748\",\"größe\":\"\\u0000\\ud83d\\ude00\"}",
            "{\"\\ud83d\":\"half a pair\",\"\\ufffd\":\"what it becomes\"}")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {
    AnyBytes.roundTrip(stored, ManifestFile::decode, ManifestFile::encode);
  }
}
