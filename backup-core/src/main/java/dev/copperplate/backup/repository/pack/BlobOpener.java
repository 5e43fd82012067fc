package dev.copperplate.backup.repository.pack;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntFunction;

/**
 * Opens sealed blobs. One for each thread; holds native memory until it is closed, and two buffers
 * of the largest blob that it has seen, up to {@link #TRUSTED_SIZE} each.
 */
final class BlobOpener implements AutoCloseable {

  /** No piece of a file is read that is larger; restic's chunks have 8 MiB at most. */
  static final int MAX_DATA = 128 << 20;

  /** No directory is read that is larger: about a million entries. */
  static final int MAX_TREE = 512 << 20;

  /** Up to here memory is taken on the word of an index; beyond, as the bytes arrive. */
  static final int TRUSTED_SIZE = 16 << 20;

  private final Sealer sealer;
  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
  private byte[] payload = new byte[0];
  private byte[] plain = new byte[0];

  BlobOpener(Sealer sealer) {
    this.sealer = sealer;
  }

  /**
   * Opens a blob and compares it with its id.
   *
   * @param sealed begins with the container
   * @param length of the container
   * @param compressedFrom the size before compression, or 0
   * @param memory gives arrays of at least the size that it is asked for
   * @return the content, in an array of {@code memory} or, if it is huge, in one of its own
   * @throws FormatException if it is not what it should be
   */
  BlobContent open(
      BlobType type,
      Sha256 id,
      byte[] sealed,
      int length,
      long compressedFrom,
      IntFunction<byte[]> memory)
      throws FormatException {
    try {
      int size = length - Sealer.OVERHEAD;
      if (compressedFrom == 0) {
        byte[] plain = memory.apply(Math.max(0, size));
        sealer.open(sealed, 0, length, plain, 0);
        return checked(id, new BlobContent(plain, size));
      }
      payload = payload.length >= size ? payload : new byte[size];
      sealer.open(sealed, 0, length, payload, 0);
      return checked(id, decompress(type, payload, size, compressedFrom, memory));
    } catch (DamagedContainerException broken) {
      throw new FormatException(String.valueOf(broken.getMessage()), broken);
    } finally {
      forgetIfHuge();
    }
  }

  /** Opens a blob and compares it with its id, but leaves it compressed. */
  StoredBlob openStored(BlobType type, Sha256 id, byte[] sealed, int length, long compressedFrom)
      throws FormatException {
    try {
      byte[] stored = new byte[Math.max(0, length - Sealer.OVERHEAD)];
      sealer.open(sealed, 0, length, stored, 0);
      BlobContent content =
          compressedFrom == 0
              ? new BlobContent(stored, stored.length)
              : decompress(type, stored, stored.length, compressedFrom, this::scratch);
      return new StoredBlob(stored, compressedFrom, checked(id, content).length());
    } catch (DamagedContainerException broken) {
      throw new FormatException(String.valueOf(broken.getMessage()), broken);
    } finally {
      forgetIfHuge();
    }
  }

  /** Whether a blob is what it should be; its content is in memory meanwhile and not handed out. */
  void check(BlobType type, Sha256 id, byte[] sealed, int length, long compressedFrom)
      throws FormatException {
    open(type, id, sealed, length, compressedFrom, this::scratch);
  }

  private byte[] scratch(int size) {
    plain = plain.length >= size ? plain : new byte[size];
    return plain;
  }

  private void forgetIfHuge() {
    if (payload.length > TRUSTED_SIZE) {
      payload = new byte[0];
    }
    if (plain.length > TRUSTED_SIZE) {
      plain = new byte[0];
    }
  }

  private static BlobContent checked(Sha256 id, BlobContent content) throws FormatException {
    if (!Sha256.hash(content.bytes(), 0, content.length()).equals(id)) {
      throw new FormatException("its content does not match its id");
    }
    return content;
  }

  private BlobContent decompress(
      BlobType type, byte[] frame, int length, long size, IntFunction<byte[]> memory)
      throws FormatException {
    int max = type == BlobType.TREE ? MAX_TREE : MAX_DATA;
    if (size > max) {
      throw new FormatException(
          "it claims to have " + size + " bytes, and " + max + " are allowed");
    }
    if (size > TRUSTED_SIZE) {
      byte[] huge = decompressSlowly(frame, length, (int) size);
      return new BlobContent(huge, huge.length);
    }
    byte[] content = memory.apply((int) size);
    try {
      int got = decompressor.decompressByteArray(content, 0, (int) size, frame, 0, length);
      if (got != size) {
        throw new FormatException("it has " + got + " bytes instead of " + size);
      }
    } catch (ZstdException broken) {
      throw new FormatException(String.valueOf(broken.getMessage()), broken);
    }
    return new BlobContent(content, (int) size);
  }

  private static byte[] decompressSlowly(byte[] frame, int length, int size)
      throws FormatException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(TRUSTED_SIZE);
    try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(frame, 0, length))) {
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

  @Override
  public void close() {
    decompressor.close();
  }
}
