package dev.copperplate.backup.repository.format;

/** Hears what an index file says, in its order. */
public interface IndexVisitor {

  /** A pack begins; the blobs that follow lie in it. */
  void pack(Sha256 pack);

  /** A pack that rustic has marked for deletion: nothing may rely on it. */
  void doomedPack(Sha256 pack);

  /**
   * A blob of the last pack.
   *
   * @param blob says so during the call and no longer
   */
  void blob(ListedBlob blob);
}
