package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.repository.format.JsonScanner.OtherForm;

/**
 * Reads an index file as a stream. Passed over are unknown fields and {@code supersedes} of older
 * tools; {@code packs_to_delete} of rustic are told apart.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design,
 *     "Indexing"</a>
 */
public final class IndexReader {

  private IndexReader() {}

  /**
   * Tells the visitor what the plain JSON of an index file says; see {@link Unpacked}.
   *
   * @throws FormatException if it is malformed; the visitor may have heard part of it by then, and
   *     must forget that
   */
  public static void read(byte[] json, IndexVisitor visitor) throws FormatException {
    IndexScanner scanner = new IndexScanner(json, visitor);
    try {
      scanner.read();
    } catch (OtherForm seen) {
      IndexParser.read(json, new Resumed(visitor, scanner.told()));
    }
  }

  /** Does not say again what the visitor has heard before. */
  private static final class Resumed implements IndexVisitor {

    private final IndexVisitor visitor;
    private long heard;

    Resumed(IndexVisitor visitor, long heard) {
      this.visitor = visitor;
      this.heard = heard;
    }

    @Override
    public void pack(Sha256 pack) {
      if (isNew()) {
        visitor.pack(pack);
      }
    }

    @Override
    public void doomedPack(Sha256 pack) {
      if (isNew()) {
        visitor.doomedPack(pack);
      }
    }

    @Override
    public void blob(ListedBlob blob) {
      if (isNew()) {
        visitor.blob(blob);
      }
    }

    private boolean isNew() {
      return --heard < 0;
    }
  }
}
