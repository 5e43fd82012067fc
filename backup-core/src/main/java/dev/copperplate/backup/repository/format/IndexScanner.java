package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.repository.format.JsonScanner.OtherForm;

/**
 * Reads an index file as long as it has the form that nearly all have: packs alone, fields in
 * restic's order. Not thread-safe.
 */
final class IndexScanner {

  private static final byte[] BEGIN = JsonScanner.literal("{\"packs\":[");
  private static final byte[] END = JsonScanner.literal("]}");
  private static final byte[] NEWLINE = JsonScanner.literal("\n");
  private static final byte[] NEXT = JsonScanner.literal(",");
  private static final byte[] ID = JsonScanner.literal("{\"id\":");
  private static final byte[] BLOBS = JsonScanner.literal(",\"blobs\":[");
  private static final byte[] BLOBS_END = JsonScanner.literal("]}");
  private static final byte[] DATA = JsonScanner.literal(",\"type\":\"data\",\"offset\":");
  private static final byte[] TREE = JsonScanner.literal(",\"type\":\"tree\",\"offset\":");
  private static final byte[] LENGTH = JsonScanner.literal(",\"length\":");
  private static final byte[] PLAIN_LENGTH = JsonScanner.literal(",\"uncompressed_length\":");
  private static final byte[] BLOB_END = JsonScanner.literal("}");

  private final JsonScanner in;
  private final IndexVisitor visitor;
  private final ListedBlob blob = new ListedBlob();
  private long told;

  IndexScanner(byte[] json, IndexVisitor visitor) {
    in = new JsonScanner(json);
    this.visitor = visitor;
  }

  /** Tells the visitor what the file says, up to where it takes another form. */
  void read() throws OtherForm {
    in.expect(BEGIN);
    if (!in.take(END)) {
      do {
        pack();
      } while (in.take(NEXT));
      in.expect(END);
    }
    in.take(NEWLINE);
    in.end();
  }

  /** How many things the visitor was told. */
  long told() {
    return told;
  }

  private void pack() throws OtherForm {
    in.expect(ID);
    Sha256 pack = in.id();
    in.expect(BLOBS);
    visitor.pack(pack);
    told++;
    if (in.take(BLOBS_END)) {
      return;
    }
    do {
      blob();
    } while (in.take(NEXT));
    in.expect(BLOBS_END);
  }

  private void blob() throws OtherForm {
    in.expect(ID);
    in.id(blob.words());
    BlobType type = BlobType.DATA;
    if (!in.take(DATA)) {
      in.expect(TREE);
      type = BlobType.TREE;
    }
    long offset = in.uint32();
    in.expect(LENGTH);
    long length = in.uint32();
    long plainLength = in.take(PLAIN_LENGTH) ? in.uint32() : 0;
    in.expect(BLOB_END);
    visitor.blob(blob.with(type, offset, length, plainLength));
    told++;
  }
}
