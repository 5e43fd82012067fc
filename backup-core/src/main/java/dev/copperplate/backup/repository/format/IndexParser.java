package dev.copperplate.backup.repository.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an index file in whatever form JSON allows; see {@link IndexReader}. */
final class IndexParser {

  private final JsonInput in;
  private final IndexVisitor visitor;
  private final ListedBlob blob = new ListedBlob();

  private IndexParser(JsonInput in, IndexVisitor visitor) {
    this.in = in;
    this.visitor = visitor;
  }

  /** Tells the visitor what the file says. */
  static void read(byte[] json, IndexVisitor visitor) throws FormatException {
    try (JsonInput in = new JsonInput(json)) {
      new IndexParser(in, visitor).read();
    }
  }

  private void read() throws FormatException {
    in.beginObject();
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "packs" -> packs(field, visitor);
        case "packs_to_delete" -> packs(field, new Doomed(visitor));
        default -> in.skip();
      }
    }
    in.end();
  }

  private void packs(String field, IndexVisitor visitor) throws FormatException {
    in.beginArray(field);
    while (in.nextElement()) {
      pack(visitor);
    }
  }

  private void pack(IndexVisitor visitor) throws FormatException {
    in.requireObject("packs");
    Sha256 pack = null;
    List<PackEntry> early = List.of();
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "id" -> {
          pack = in.id(field);
          visitor.pack(pack);
          for (PackEntry each : early) {
            visitor.blob(blob.with(each));
          }
          early = List.of();
        }
        case "blobs" -> early = blobs(visitor, pack);
        default -> in.skip();
      }
    }
    if (pack == null) {
      throw new FormatException("The index lists a pack without an id");
    }
  }

  /** Returns the blobs that came before the id of their pack. No known tool writes them so. */
  private List<PackEntry> blobs(IndexVisitor visitor, @Nullable Sha256 pack)
      throws FormatException {
    List<PackEntry> early = new ArrayList<>();
    in.beginArray("blobs");
    while (in.nextElement()) {
      blob(pack == null ? new Collector(early) : visitor);
    }
    return early;
  }

  private void blob(IndexVisitor visitor) throws FormatException {
    in.requireObject("blobs");
    BlobType type = null;
    boolean identified = false;
    long offset = 0;
    long length = 0;
    long plainLength = 0;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "id" -> {
          in.id(field, blob.words());
          identified = true;
        }
        case "type" -> type = type(in.string(field));
        case "offset" -> offset = in.uint32(field);
        case "length" -> length = in.uint32(field);
        case "uncompressed_length" -> plainLength = in.uint32(field);
        default -> in.skip();
      }
    }
    if (type == null || !identified) {
      throw new FormatException("The index lists a blob without type or id");
    }
    visitor.blob(blob.with(type, offset, length, plainLength));
  }

  private static BlobType type(String json) throws FormatException {
    return switch (json) {
      case "data" -> BlobType.DATA;
      case "tree" -> BlobType.TREE;
      default -> throw new FormatException("The index lists a blob of an unknown type");
    };
  }

  /** Tells of packs that another tool is about to delete, without their blobs. */
  private record Doomed(IndexVisitor visitor) implements IndexVisitor {

    @Override
    public void pack(Sha256 pack) {
      visitor.doomedPack(pack);
    }

    @Override
    public void doomedPack(Sha256 pack) {
      visitor.doomedPack(pack);
    }

    @Override
    public void blob(ListedBlob blob) {
      // They are where they were, and nothing may rely on them.
    }
  }

  /** Keeps blobs until the id of their pack is known. */
  private record Collector(List<PackEntry> blobs) implements IndexVisitor {

    @Override
    public void pack(Sha256 pack) {
      throw new IllegalStateException("Only blobs are collected");
    }

    @Override
    public void doomedPack(Sha256 pack) {
      throw new IllegalStateException("Only blobs are collected");
    }

    @Override
    public void blob(ListedBlob blob) {
      blobs.add(blob.entry());
    }
  }
}
