package dev.copperplate.backup.repository.format;

/** What a blob holds. The same id may exist as both: blobs are known by type and id. */
public enum BlobType {
  /** A piece of a file's content. */
  DATA("data"),
  /** A directory. */
  TREE("tree");

  private final String json;

  BlobType(String json) {
    this.json = json;
  }

  /** The word for it in index files. */
  String json() {
    return json;
  }
}
