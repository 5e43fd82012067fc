package dev.copperplate.backup.repository.format;

import java.util.List;

/**
 * Writes an index file: packs, each with all its blobs. Each pack belongs into one index file only,
 * and nothing of it into another. Not thread-safe.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design,
 *     "Indexing"</a>
 */
public final class IndexWriter {

  private final JsonOutput out = new JsonOutput().beginObject().field("packs").beginArray();
  private int blobs;
  private boolean finished;

  /** Adds a pack with all the blobs of its header. */
  public IndexWriter add(Sha256 pack, List<PackEntry> entries) {
    requireUnfinished();
    out.element().beginObject().field("id").id(pack).field("blobs").beginArray();
    entries.forEach(this::add);
    out.endArray().endObject();
    blobs += entries.size();
    return this;
  }

  /** How many blobs were added: restic begins a new file at 50,000. */
  public int blobs() {
    return blobs;
  }

  /** How many bytes the file has so far, not yet compressed. */
  public int size() {
    return out.size();
  }

  /** The plain JSON; see {@link Unpacked}. Nothing can be added any more. */
  public byte[] finish() {
    requireUnfinished();
    finished = true;
    return out.endArray().endObject().newline().toByteArray();
  }

  private void add(PackEntry entry) {
    out.element()
        .beginObject()
        .field("id")
        .id(entry.id())
        .field("type")
        .string(entry.type().json())
        .field("offset")
        .number(entry.offset())
        .field("length")
        .number(entry.length())
        .optional("uncompressed_length", entry.plainLength())
        .endObject();
  }

  private void requireUnfinished() {
    if (finished) {
      throw new IllegalStateException("The index file is finished");
    }
  }
}
