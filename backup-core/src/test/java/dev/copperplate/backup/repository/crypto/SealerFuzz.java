package dev.copperplate.backup.repository.crypto;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class SealerFuzz {

  private static final MasterKey KEY =
      MasterKey.of(
          filled(MasterKey.ENCRYPT_SIZE), filled(MasterKey.MAC_SIZE), filled(MasterKey.MAC_SIZE));
  private static final Sealer SEALER = new Sealer(KEY);

  static Stream<byte[]> seeds() {
    return Stream.of(SEALER.seal(new byte[0]), SEALER.seal(new byte[40]), new byte[32]);
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] container) throws IOException {
    AnyBytes.read(container, SEALER::open);
  }

  private static byte[] filled(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 1);
    return bytes;
  }
}
