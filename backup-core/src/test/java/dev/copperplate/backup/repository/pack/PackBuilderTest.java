package dev.copperplate.backup.repository.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackHeader;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.run.Buffers;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class PackBuilderTest {

  @Test
  void aPackOfTinyBlobsIsFullBeforeItsHeaderIsTooLarge() {
    PackBuilder builder = new PackBuilder(new Buffers(32 << 20));
    SealedBlob tiny = new SealedBlob(new byte[Sealer.OVERHEAD + 1], Sealer.OVERHEAD + 1, 0);
    long blobs = 0;
    while (!builder.isFull()) {
      builder.add(BlobType.DATA, id(blobs++), tiny);
    }
    PackBuilder.Pack pack = builder.finish(new Sealer(MasterKey.random(new SecureRandom())));
    assertEquals(blobs, pack.entries().size());
    assertTrue(PackHeader.sealedSize(pack.entries()) < PackHeader.MAX_SEALED);
  }

  private static Sha256 id(long number) {
    return Sha256.of(ByteBuffer.allocate(Sha256.SIZE).putLong(number).array());
  }
}
