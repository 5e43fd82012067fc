package dev.copperplate.backup.repository.pack;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import dev.copperplate.backup.fuzz.AnyBytes;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class BlobFuzz {

  /**
   * More than what is taken on the word of an index, and no more than the heap of the fuzzer has.
   */
  private static final int MOST = BlobOpener.TRUSTED_SIZE + (1 << 20);

  private static final Sealer SEALER =
      new Sealer(
          MasterKey.of(
              filled(MasterKey.ENCRYPT_SIZE),
              filled(MasterKey.MAC_SIZE),
              filled(MasterKey.MAC_SIZE)));
  private static final BlobOpener OPENER = new BlobOpener(SEALER);
  private static final int CLAIM = 5;

  static Stream<byte[]> seeds() {
    return Stream.of(seed(100, 100), seed(101, 100), seed(MOST, MOST), seed(0, 10), seed(17, MOST));
  }

  /** What an index claims of a blob, and the blob. */
  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] claimed) throws IOException {
    if (claimed.length >= CLAIM) {
      int size = claim(claimed);
      AnyBytes.read(claimed, AnyBytes.FIXED + 8L * claimed.length + 5L * size, BlobFuzz::open);
    }
  }

  private static StoredBlob open(byte[] claimed) throws IOException {
    BlobType type = claimed[0] == 0 ? BlobType.DATA : BlobType.TREE;
    byte[] payload = Arrays.copyOfRange(claimed, CLAIM, claimed.length);
    Sha256 id = Sha256.hash(payload);
    byte[] container = SEALER.seal(payload);
    return OPENER.openStored(type, id, container, container.length, claim(claimed));
  }

  private static int claim(byte[] claimed) {
    return Math.floorMod(ByteBuffer.wrap(claimed).getInt(1), MOST + 1);
  }

  private static byte[] seed(int claim, int size) {
    byte[] frame = Zstd.compress(new byte[size]);
    return ByteBuffer.allocate(CLAIM + frame.length).put((byte) 0).putInt(claim).put(frame).array();
  }

  private static byte[] filled(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 1);
    return bytes;
  }
}
