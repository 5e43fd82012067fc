package dev.copperplate.backup.repository.format;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a blob lies in its pack.
 *
 * @param type data or tree
 * @param id SHA-256 of the plain blob
 * @param offset of its first stored byte in the pack
 * @param length how many bytes are stored, container included
 * @param plainLength how many bytes the blob has after decompression; 0 if it is not compressed
 */
public record PackEntry(BlobType type, Sha256 id, long offset, long length, long plainLength) {

  /** The largest offset and length that the format can say. */
  public static final long MAX = 0xffff_ffffL;

  public PackEntry {
    Objects.requireNonNull(type);
    Objects.requireNonNull(id);
    requireUint32("offset", offset);
    requireUint32("length", length);
    requireUint32("plain length", plainLength);
  }

  public boolean compressed() {
    return plainLength != 0;
  }

  /** Where the next blob begins. */
  public long end() {
    return offset + length;
  }

  // Written out for the sake of programs that begin and end often; see EntryPath.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PackEntry entry
        && type == entry.type
        && id.equals(entry.id)
        && offset == entry.offset
        && length == entry.length
        && plainLength == entry.plainLength;
  }

  @Override
  public int hashCode() {
    return id.hashCode() + Long.hashCode(offset);
  }

  private static void requireUint32(String what, long value) {
    if (value < 0 || value > MAX) {
      throw new IllegalArgumentException("The " + what + " of a blob is out of range: " + value);
    }
  }
}
