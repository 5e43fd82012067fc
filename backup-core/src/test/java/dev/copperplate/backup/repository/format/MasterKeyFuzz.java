package dev.copperplate.backup.repository.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class MasterKeyFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"mac\":{\"k\":\"TyUvcHKqoWXSLTFIbMOwHg==\",\"r\":\"TyUvDHKqoATSLTEIbMOwDg==\"},\"encrypt\":\"TyUvcHKqoWXSLTFIbMOwHk8lL3ByqqFl0i0xSGzDsB4=\"}")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  private static final KeyDerivation CHEAP = new KeyDerivation(2, 1, 1);
  private static final byte[] SALT = new byte[KeyDerivation.SALT_SIZE];
  private static final Sealer SEALER = new Sealer(CHEAP.derive(new char[0], SALT));

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] secret) throws IOException {
    AnyBytes.read(secret, MasterKeyFuzz::unwrap);
  }

  private static MasterKey unwrap(byte[] secret) throws IOException {
    KeyFile sealed = new KeyFile(Instant.EPOCH, "", "", CHEAP, SALT, SEALER.seal(secret));
    return sealed.unwrap(new char[0]);
  }
}
