package dev.copperplate.backup.postgres.basebackup;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.RawName;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The header of a file {@code INCREMENTAL.NAME}: which blocks of {@code NAME} it holds. Numbers of
 * four bytes, the lowest byte first: a magic number, the count of blocks, the length to which the
 * file was cut in between, and the blocks' numbers; then, if there are blocks, zeros up to a whole
 * block, and the blocks. Seen with PostgreSQL 17.11 and 18.6.
 */
public final class IncrementalFile {

  /** The server's block in every packaged build; others are refused by the size of the file. */
  static final int BLOCK = 8192;

  /** A relation is cut into files of this many blocks. */
  static final int MOST_BLOCKS = 131_072;

  private static final byte[] PREFIX = "INCREMENTAL.".getBytes(StandardCharsets.US_ASCII);
  private static final int MAGIC = 0xd3ae1f0d;
  private static final int FIXED = 3 * Integer.BYTES;

  private final int[] blocks;
  private final int truncation;

  private IncrementalFile(int[] blocks, int truncation) {
    this.blocks = blocks;
    this.truncation = truncation;
  }

  static boolean isName(RawName name) {
    byte[] bytes = name.toByteArray();
    return bytes.length > PREFIX.length
        && Arrays.equals(bytes, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
  }

  /** The name of the file that it is a part of, if it is the name of one. */
  public static Optional<RawName> plainName(RawName name) {
    byte[] bytes = name.toByteArray();
    return isName(name)
        ? Optional.of(RawName.of(Arrays.copyOfRange(bytes, PREFIX.length, bytes.length)))
        : Optional.empty();
  }

  /** The name of the file that holds a part of it. */
  public static RawName nameOf(RawName plain) {
    byte[] bytes = Arrays.copyOf(PREFIX, PREFIX.length + plain.length());
    System.arraycopy(plain.toByteArray(), 0, bytes, PREFIX.length, plain.length());
    return RawName.of(bytes);
  }

  /**
   * Reads the header.
   *
   * @throws BackupException {@code DAMAGED} if it is none, or does not fit the size of the file
   */
  static IncrementalFile read(BlockSource file) throws IOException {
    try (InputStream in =
        file.open(new ByteRange(0, Math.min(file.size(), headerBytes(MOST_BLOCKS))))) {
      ByteBuffer fixed = numbers(in, 3);
      int magic = fixed.getInt();
      int count = fixed.getInt();
      int truncation = fixed.getInt();
      boolean possible = count >= 0 && count <= MOST_BLOCKS;
      possible &= truncation >= 0 && truncation <= MOST_BLOCKS;
      if (magic != MAGIC || !possible || file.size() != headerBytes(count) + (long) count * BLOCK) {
        throw damaged(file, "it is not an incremental file of blocks of " + BLOCK + " bytes");
      }
      int[] blocks = new int[count];
      numbers(in, count).asIntBuffer().get(blocks);
      require(blocks, file);
      return new IncrementalFile(blocks, truncation);
    } catch (EOFException shorter) {
      throw damaged(file, "it ends within its header");
    }
  }

  private static ByteBuffer numbers(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count * Integer.BYTES);
    if (bytes.length < count * Integer.BYTES) {
      throw new EOFException();
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The server sorts them. */
  private static void require(int[] blocks, BlockSource file) throws BackupException {
    int last = -1;
    for (int each : blocks) {
      if (each <= last || each >= MOST_BLOCKS) {
        throw damaged(file, "the numbers of its blocks are not in order");
      }
      last = each;
    }
  }

  static BackupException damaged(BlockSource file, String why) {
    return new BackupException(
        Kind.DAMAGED, "Cannot combine " + file.name() + ": " + why + ". Restore another base");
  }

  private static long headerBytes(int count) {
    long exact = FIXED + (long) count * Integer.BYTES;
    return count == 0 ? exact : (exact + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** How many blocks it holds. */
  int count() {
    return blocks.length;
  }

  /** Which block of the whole file the one at the index is; ascending. */
  int block(int index) {
    return blocks[index];
  }

  /** Where in this file the block at the index lies. */
  long offset(int index) {
    return headerBytes(blocks.length) + (long) index * BLOCK;
  }

  /** How many blocks the whole file has, as far as this one knows. */
  int length() {
    int behindLast = blocks.length == 0 ? 0 : blocks[blocks.length - 1] + 1;
    return Math.max(truncation, behindLast);
  }
}
