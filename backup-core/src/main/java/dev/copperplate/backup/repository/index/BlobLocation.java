package dev.copperplate.backup.repository.index;

import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.Sha256;

/**
 * Where a blob lies.
 *
 * @param pack the pack
 * @param packNumber the pack's number in the index that answered
 * @param offset of its first byte in the pack
 * @param length as stored
 * @param compressedFrom the size before compression, or 0 if it is not compressed
 */
public record BlobLocation(
    Sha256 pack, int packNumber, long offset, long length, long compressedFrom) {

  /** The size of the content. */
  public long plainLength() {
    return compressedFrom > 0 ? compressedFrom : length - Sealer.OVERHEAD;
  }
}
