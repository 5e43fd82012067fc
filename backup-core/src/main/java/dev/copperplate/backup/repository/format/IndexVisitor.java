package dev.copperplate.backup.repository.format;

/**
 * Hears what an index file says, in its order. Blobs come as primitives, because an index of a
 * million of them must not make a million objects.
 */
public interface IndexVisitor {

  /** A pack begins; the blobs that follow lie in it. */
  void pack(Sha256 pack);

  /** A pack that rustic has marked for deletion: nothing may rely on it. */
  void doomedPack(Sha256 pack);

  /**
   * A blob of the last pack.
   *
   * @param type data or tree
   * @param word0 the first of the four words of its id, see {@link Sha256#word}
   * @param word1 the second
   * @param word2 the third
   * @param word3 the fourth
   * @param offset of its first stored byte in the pack, 0 to 2^32 - 1
   * @param length how many bytes are stored, container included, 0 to 2^32 - 1
   * @param plainLength how many bytes it has after decompression; 0 if it is not compressed
   */
  void blob(
      BlobType type,
      long word0,
      long word1,
      long word2,
      long word3,
      long offset,
      long length,
      long plainLength);
}
