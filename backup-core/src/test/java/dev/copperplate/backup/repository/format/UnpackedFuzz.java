package dev.copperplate.backup.repository.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class UnpackedFuzz {

  /** Small, so that a bomb is one. */
  private static final int MOST = 1 << 20;

  static Stream<byte[]> seeds() {
    byte[] json = "{\"tree\":1}".getBytes(StandardCharsets.UTF_8);
    return Stream.of(json, Unpacked.encode(json), Unpacked.encode(new byte[2 * MOST]), new byte[0]);
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] wrapped) throws IOException {
    long mostMemory = AnyBytes.FIXED + 4 * MOST + AnyBytes.PER_BYTE * wrapped.length;
    Optional<byte[]> plain = AnyBytes.read(wrapped, mostMemory, UnpackedFuzz::unwrap);
    if (plain.isPresent()) {
      AnyBytes.require(plain.get().length <= MOST, "It is larger than allowed");
    }
  }

  private static byte[] unwrap(byte[] wrapped) throws IOException {
    return Unpacked.decode(wrapped, MOST);
  }
}
