package dev.copperplate.backup.repository.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The envelope of what is stored in files of its own, between JSON and seal: index, snapshot and
 * lock. In version 2 of the format it is the byte {@code 0x02} and one zstd frame; bare JSON, the
 * envelope of version 1, is read as well.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design,
 *     "Unpacked Data Format"</a>
 */
public final class Unpacked {

  /**
   * The most plain bytes that {@link #decode(byte[])} gives. Stock index files stay below 10 MiB;
   * some tools write larger ones.
   */
  public static final int MAX_PLAIN = 64 << 20;

  private static final int COMPRESSED = 2;
  private static final int FIRST_CAPACITY = 64 << 10;

  private Unpacked() {}

  /** Wraps JSON for a repository of version 2. */
  public static byte[] encode(byte[] json) {
    int bound = Math.toIntExact(Zstd.compressBound(json.length) + 1);
    byte[] wrapped = new byte[bound];
    wrapped[0] = COMPRESSED;
    long size =
        Zstd.compressByteArray(
            wrapped, 1, bound - 1, json, 0, json.length, Zstd.defaultCompressionLevel());
    if (Zstd.isError(size)) {
      throw new IllegalStateException("zstd cannot compress: " + Zstd.getErrorName(size));
    }
    return Arrays.copyOf(wrapped, (int) size + 1);
  }

  /**
   * Unwraps what was wrapped for either version, up to {@link #MAX_PLAIN} bytes. Bare JSON and the
   * empty array are returned as they are.
   *
   * @throws FormatException if it is neither JSON nor compressed, damaged, or too large
   */
  public static byte[] decode(byte[] wrapped) throws FormatException {
    return decode(wrapped, MAX_PLAIN);
  }

  /** Unwraps as {@link #decode(byte[])} does, up to another size. */
  public static byte[] decode(byte[] wrapped, int most) throws FormatException {
    if (wrapped.length == 0) {
      return wrapped;
    }
    return switch (wrapped[0]) {
      case COMPRESSED -> decompress(wrapped, most);
      case '{', '[' -> {
        if (wrapped.length > most) {
          throw tooLarge(most);
        }
        yield wrapped;
      }
      default ->
          throw new FormatException(
              "Neither JSON nor compressed JSON: it begins with byte " + (wrapped[0] & 0xff));
    };
  }

  /** The frame's own statement of its size is not asked: memory grows with what really comes. */
  private static byte[] decompress(byte[] wrapped, int most) throws FormatException {
    InputStream frame = new ByteArrayInputStream(wrapped, 1, wrapped.length - 1);
    try (InputStream in = new ZstdInputStreamNoFinalizer(frame)) {
      byte[] plain = new byte[Math.min(FIRST_CAPACITY, most)];
      int size = in.readNBytes(plain, 0, plain.length);
      while (size == plain.length) {
        int next = in.read();
        if (next < 0) {
          return plain;
        }
        if (size == most) {
          throw tooLarge(most);
        }
        plain = Arrays.copyOf(plain, (int) Math.min(most, Math.max(size * 2L, 1)));
        plain[size] = (byte) next;
        size += 1 + in.readNBytes(plain, size + 1, plain.length - size - 1);
      }
      return Arrays.copyOf(plain, size);
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new FormatException("Damaged zstd frame: " + e.getMessage(), e);
    }
  }

  private static FormatException tooLarge(int most) {
    return new FormatException("It holds more than " + most + " bytes");
  }
}
