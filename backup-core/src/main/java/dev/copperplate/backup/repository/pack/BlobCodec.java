package dev.copperplate.backup.repository.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and seals blobs, and the way back. One for each thread; holds native memory until it
 * is closed, and buffers of the largest blob that it has seen.
 */
public final class BlobCodec implements AutoCloseable {

  /** No piece of a file is read that is larger; restic's chunks have 8 MiB at most. */
  public static final int MAX_DATA = 128 << 20;

  /** No directory is read that is larger: about a million entries. */
  public static final int MAX_TREE = 512 << 20;

  /** Up to here memory is taken on the word of an index; beyond, as the bytes arrive. */
  static final int TRUSTED_SIZE = 16 << 20;

  private final Sealer sealer;
  private final boolean selfCheck;
  private final ZstdCompressCtx compressor = new ZstdCompressCtx();
  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
  private byte[] compressed = new byte[0];
  private byte[] unfolded = new byte[0];

  /**
   * @param level of zstd
   * @param selfCheck whether each sealed blob is opened again and compared with its plaintext
   */
  public BlobCodec(Sealer sealer, int level, boolean selfCheck) {
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
    byte[] sealed = new byte[size + Sealer.OVERHEAD];
    sealer.seal(payload, 0, size, sealed, 0);
    if (selfCheck) {
      check(sealed, compressedFrom, plain, length);
    }
    return new SealedBlob(sealed, compressedFrom);
  }

  private int compress(byte[] plain, int length) {
    int bound = Math.toIntExact(Zstd.compressBound(length));
    compressed = atLeast(compressed, bound);
    return compressor.compressByteArray(compressed, 0, compressed.length, plain, 0, length);
  }

  /** A bit that flips in memory between hashing and sealing would otherwise be found at restore. */
  private void check(byte[] sealed, long compressedFrom, byte[] plain, int length)
      throws BackupException {
    try {
      // What was compressed into this buffer is sealed by now, so there is room for it again.
      byte[] checked = compressed;
      int opened = sealer.open(sealed, 0, sealed.length, checked, 0);
      byte[] back = checked;
      int size = opened;
      if (compressedFrom > 0) {
        unfolded = atLeast(unfolded, length);
        size = decompressor.decompressByteArray(unfolded, 0, length, checked, 0, opened);
        back = unfolded;
      }
      if (!Arrays.equals(back, 0, size, plain, 0, length)) {
        throw faulty(null);
      }
    } catch (DamagedContainerException | ZstdException broken) {
      throw faulty(broken);
    }
  }

  private static BackupException faulty(@Nullable Throwable cause) {
    return new BackupException(
        Kind.DAMAGED,
        "What was about to be stored does not open to what was read: nothing of it is stored. Memory"
            + " or processor of this machine may be faulty; test them before the next backup",
        cause);
  }

  /**
   * Opens a blob and compares it with its id.
   *
   * @param sealed the container
   * @param compressedFrom the size before compression, or 0
   * @throws FormatException if it is not what it should be
   */
  byte[] open(BlobType type, Sha256 id, byte[] sealed, long compressedFrom) throws FormatException {
    try {
      byte[] opened = sealer.open(sealed);
      byte[] plain = compressedFrom == 0 ? opened : decompress(type, opened, compressedFrom);
      if (!Sha256.hash(plain).equals(id)) {
        throw new FormatException("its content does not match its id");
      }
      return plain;
    } catch (DamagedContainerException | ZstdException broken) {
      throw new FormatException(String.valueOf(broken.getMessage()), broken);
    }
  }

  private byte[] decompress(BlobType type, byte[] frame, long size) throws FormatException {
    int max = type == BlobType.TREE ? MAX_TREE : MAX_DATA;
    if (size > max) {
      throw new FormatException(
          "it claims to have " + size + " bytes, and " + max + " are allowed");
    }
    byte[] plain;
    if (size <= TRUSTED_SIZE) {
      plain = new byte[(int) size];
      int got = decompressor.decompressByteArray(plain, 0, plain.length, frame, 0, frame.length);
      if (got != size) {
        throw new FormatException("it has " + got + " bytes instead of " + size);
      }
    } else {
      plain = decompressSlowly(frame, (int) size);
    }
    return plain;
  }

  private static byte[] decompressSlowly(byte[] frame, int size) throws FormatException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(TRUSTED_SIZE);
    try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(frame))) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        plain.write(buffer, 0, n);
        if (plain.size() > size) {
          throw new FormatException("it has more than " + size + " bytes");
        }
      }
    } catch (FormatException tooLarge) {
      throw tooLarge;
    } catch (IOException broken) {
      throw new FormatException("it does not decompress", broken);
    }
    if (plain.size() != size) {
      throw new FormatException("it has " + plain.size() + " bytes instead of " + size);
    }
    return plain.toByteArray();
  }

  private static byte[] atLeast(byte[] buffer, int size) {
    return buffer.length >= size ? buffer : new byte[Math.max(size, 1 << 16)];
  }

  @Override
  public void close() {
    compressor.close();
    decompressor.close();
  }
}
