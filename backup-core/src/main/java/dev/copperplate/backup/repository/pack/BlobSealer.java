package dev.copperplate.backup.repository.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and seals blobs. One for each thread; holds native memory until it is closed, and
 * three buffers of the largest blob that it has seen, one of which has the last result.
 */
final class BlobSealer implements AutoCloseable {

  private static final int LEAST_BUFFER = 64 << 10;

  private final Sealer sealer;
  private final boolean selfCheck;
  private final ZstdCompressCtx compressor = new ZstdCompressCtx();
  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
  private byte[] compressed = new byte[0];
  private byte[] sealed = new byte[0];
  private byte[] unfolded = new byte[0];

  /**
   * @param level of zstd
   * @param selfCheck whether each sealed blob is opened again and compared with its plaintext
   */
  BlobSealer(Sealer sealer, int level, boolean selfCheck) {
    this.sealer = sealer;
    this.selfCheck = selfCheck;
    // As restic writes them: the container authenticates, so a checksum would be a third one.
    compressor.setLevel(level).setChecksum(false).setContentSize(true);
  }

  /** Seals a blob; a piece of a file that does not get smaller is stored as it is. */
  SealedBlob seal(BlobType type, byte[] plain, int length) throws BackupException {
    byte[] payload = plain;
    int size = length;
    long compressedFrom = 0;
    int smaller = compress(plain, length);
    if (type == BlobType.TREE || smaller < length) {
      payload = compressed;
      size = smaller;
      compressedFrom = length;
    }
    sealed = atLeast(sealed, size + Sealer.OVERHEAD);
    int sealedSize = sealer.seal(payload, 0, size, sealed, 0);
    if (selfCheck) {
      check(sealedSize, payload, plain, length);
    }
    return new SealedBlob(sealed, sealedSize, compressedFrom);
  }

  /** Seals what another pack has, compressed as it is. */
  SealedBlob sealAgain(StoredBlob blob) throws BackupException {
    byte[] payload = blob.payload();
    sealed = atLeast(sealed, payload.length + Sealer.OVERHEAD);
    int sealedSize = sealer.seal(payload, 0, payload.length, sealed, 0);
    if (selfCheck) {
      check(sealedSize, payload, payload, payload.length);
    }
    return new SealedBlob(sealed, sealedSize, blob.compressedFrom());
  }

  /** How much memory its buffers take. */
  long size() {
    return (long) compressed.length + sealed.length + unfolded.length;
  }

  private int compress(byte[] plain, int length) {
    int bound = Math.toIntExact(Zstd.compressBound(length));
    compressed = atLeast(compressed, bound);
    return compressor.compressByteArray(compressed, 0, compressed.length, plain, 0, length);
  }

  /**
   * A bit that flips in memory between hashing and sealing would otherwise be found at restore.
   *
   * @param payload what was sealed: the plain bytes, or what they were compressed to
   */
  private void check(int sealedSize, byte[] payload, byte[] plain, int length)
      throws BackupException {
    if (!sealer.holds(sealed, 0, sealedSize, payload, 0)) {
      throw faulty(null);
    }
    if (payload != plain) {
      try {
        unfolded = atLeast(unfolded, length);
        int size =
            decompressor.decompressByteArray(
                unfolded, 0, length, payload, 0, sealedSize - Sealer.OVERHEAD);
        if (!Arrays.equals(unfolded, 0, size, plain, 0, length)) {
          throw faulty(null);
        }
      } catch (ZstdException broken) {
        throw faulty(broken);
      }
    }
  }

  private static BackupException faulty(@Nullable Throwable cause) {
    return new BackupException(
        Kind.DAMAGED,
        "What was about to be stored does not open to what was read: nothing of it is stored. Memory"
            + " or processor of this machine may be faulty; test them before the next backup",
        cause);
  }

  private static byte[] atLeast(byte[] buffer, int size) {
    return buffer.length >= size ? buffer : new byte[Math.max(size, LEAST_BUFFER)];
  }

  @Override
  public void close() {
    compressor.close();
    decompressor.close();
  }
}
