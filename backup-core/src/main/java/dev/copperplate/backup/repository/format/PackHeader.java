package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.repository.crypto.Sealer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of contents at the end of a pack: {@code blobs | sealed header | length of the sealed
 * header (4)}. It lists the blobs in their order; offsets follow from the lengths, so nothing may
 * lie between two blobs.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design, "Pack
 *     Format"</a>
 */
public final class PackHeader {

  /** Bytes of the length that ends a pack. */
  public static final int LENGTH_SIZE = 4;

  /** The most bytes of a sealed header. restic refuses larger ones. */
  public static final int MAX_SEALED = 16 << 20;

  private static final int PLAIN_ENTRY = 1 + 4 + Sha256.SIZE;
  private static final int COMPRESSED_ENTRY = 1 + 4 + 4 + Sha256.SIZE;

  private static final int DATA = 0;
  private static final int TREE = 1;
  private static final int COMPRESSED = 2;

  private PackHeader() {}

  /**
   * The plain header.
   *
   * @throws IllegalArgumentException if there is no blob, blobs do not lie end to end from the
   *     start, or there are more than a header takes
   */
  public static byte[] encode(List<PackEntry> entries) {
    ByteBuffer header =
        ByteBuffer.allocate(sealedSize(entries) - Sealer.OVERHEAD).order(ByteOrder.LITTLE_ENDIAN);
    long end = 0;
    for (PackEntry entry : entries) {
      if (entry.offset() != end) {
        throw new IllegalArgumentException(
            "A blob begins at " + entry.offset() + ", the one before it ends at " + end);
      }
      put(entry, header);
      end = entry.end();
    }
    return header.array();
  }

  /**
   * Reads a plain header.
   *
   * @throws FormatException if it is cut off, lists no blob, or holds something unknown
   */
  public static List<PackEntry> decode(byte[] plain) throws FormatException {
    if (plain.length > MAX_SEALED - Sealer.OVERHEAD) {
      throw tooLarge(plain.length + (long) Sealer.OVERHEAD);
    }
    ByteBuffer header = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    List<PackEntry> entries = new ArrayList<>(plain.length / PLAIN_ENTRY);
    long offset = 0;
    while (header.hasRemaining()) {
      PackEntry entry = get(header, offset);
      entries.add(entry);
      offset = entry.end();
    }
    if (entries.isEmpty()) {
      throw new FormatException("The pack's header lists no blob");
    }
    return entries;
  }

  /**
   * Reads the length of the sealed header from the last four bytes of a pack.
   *
   * @throws FormatException if no header has that length
   */
  public static int decodeLength(byte[] source, int offset) throws FormatException {
    int raw = ByteBuffer.wrap(source).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
    long length = Integer.toUnsignedLong(raw);
    if (length < Sealer.OVERHEAD + PLAIN_ENTRY) {
      throw new FormatException("The pack's header is too short: " + length + " bytes");
    }
    if (length > MAX_SEALED) {
      throw tooLarge(length);
    }
    return raw;
  }

  /** Writes the length of the sealed header. */
  public static void encodeLength(int sealedSize, byte[] target, int offset) {
    ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, sealedSize);
  }

  /**
   * Bytes of the sealed header.
   *
   * @throws IllegalArgumentException if there is no blob, or more than a header takes
   */
  public static int sealedSize(List<PackEntry> entries) {
    long size = Sealer.OVERHEAD;
    for (PackEntry entry : entries) {
      size += entrySize(entry);
    }
    if (entries.isEmpty() || size > MAX_SEALED) {
      throw new IllegalArgumentException("A header cannot list " + entries.size() + " blobs");
    }
    return (int) size;
  }

  /** Bytes of one entry in the header. */
  public static int entrySize(PackEntry entry) {
    return entry.compressed() ? COMPRESSED_ENTRY : PLAIN_ENTRY;
  }

  /** Bytes of the whole pack. A pack of any other size is damaged or wrongly indexed. */
  public static long packSize(List<PackEntry> entries) {
    long blobs = 0;
    for (PackEntry entry : entries) {
      blobs += entry.length();
    }
    return blobs + sealedSize(entries) + LENGTH_SIZE;
  }

  private static void put(PackEntry entry, ByteBuffer header) {
    int type = entry.type() == BlobType.TREE ? TREE : DATA;
    header.put((byte) (entry.compressed() ? type | COMPRESSED : type));
    header.putInt((int) entry.length());
    if (entry.compressed()) {
      header.putInt((int) entry.plainLength());
    }
    byte[] id = new byte[Sha256.SIZE];
    entry.id().writeTo(id, 0);
    header.put(id);
  }

  private static PackEntry get(ByteBuffer header, long offset) throws FormatException {
    int kind = header.get() & 0xff;
    if (kind > (TREE | COMPRESSED)) {
      throw new FormatException("The pack's header lists a blob of unknown type " + kind);
    }
    boolean compressed = (kind & COMPRESSED) != 0;
    if (header.remaining() < (compressed ? COMPRESSED_ENTRY : PLAIN_ENTRY) - 1) {
      throw new FormatException("The pack's header is cut off");
    }
    long length = Integer.toUnsignedLong(header.getInt());
    long plainLength = compressed ? Integer.toUnsignedLong(header.getInt()) : 0;
    byte[] id = new byte[Sha256.SIZE];
    header.get(id);
    requireSound(offset, length, compressed, plainLength);
    BlobType type = (kind & TREE) != 0 ? BlobType.TREE : BlobType.DATA;
    return new PackEntry(type, Sha256.of(id), offset, length, plainLength);
  }

  private static void requireSound(long offset, long length, boolean compressed, long plainLength)
      throws FormatException {
    if (length < Sealer.OVERHEAD) {
      throw new FormatException("The pack's header lists a blob of " + length + " stored bytes");
    }
    if (compressed && plainLength == 0) {
      throw new FormatException("The pack's header lists a compressed blob of no plain bytes");
    }
    if (offset > PackEntry.MAX) {
      throw new FormatException("The pack's header lists more than 4 GiB of blobs");
    }
  }

  private static FormatException tooLarge(long size) {
    return new FormatException("The pack's header has " + size + " bytes, more than " + MAX_SEALED);
  }
}
