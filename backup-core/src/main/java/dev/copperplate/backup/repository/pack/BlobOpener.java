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

/** Opens sealed blobs. One for each thread; holds native memory until it is closed. */
final class BlobOpener implements AutoCloseable {

  /** No piece of a file is read that is larger; restic's chunks have 8 MiB at most. */
  static final int MAX_DATA = 128 << 20;

  /** No directory is read that is larger: about a million entries. */
  static final int MAX_TREE = 512 << 20;

  /** Up to here memory is taken on the word of an index; beyond, as the bytes arrive. */
  static final int TRUSTED_SIZE = 16 << 20;

  private final Sealer sealer;
  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();

  BlobOpener(Sealer sealer) {
    this.sealer = sealer;
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
      return plain(type, id, sealer.open(sealed), compressedFrom);
    } catch (DamagedContainerException broken) {
      throw new FormatException(String.valueOf(broken.getMessage()), broken);
    }
  }

  /** Opens a blob and compares it with its id as {@link #open} does, but leaves it compressed. */
  StoredBlob openStored(BlobType type, Sha256 id, byte[] sealed, long compressedFrom)
      throws FormatException {
    try {
      byte[] payload = sealer.open(sealed);
      int length = plain(type, id, payload, compressedFrom).length;
      return new StoredBlob(payload, compressedFrom, length);
    } catch (DamagedContainerException broken) {
      throw new FormatException(String.valueOf(broken.getMessage()), broken);
    }
  }

  private byte[] plain(BlobType type, Sha256 id, byte[] payload, long compressedFrom)
      throws FormatException {
    try {
      byte[] plain = compressedFrom == 0 ? payload : decompress(type, payload, compressedFrom);
      if (!Sha256.hash(plain).equals(id)) {
        throw new FormatException("its content does not match its id");
      }
      return plain;
    } catch (ZstdException broken) {
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

  @Override
  public void close() {
    decompressor.close();
  }
}
