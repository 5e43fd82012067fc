package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.pack.BlobReader;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Fetches directories, and keeps the last ones that were used. Thread-safe. */
public final class Trees {

  /** What is kept, in bytes; a directory that is larger than a quarter of it is not. */
  private static final int KEPT = 8 << 20;

  private final BlobReader blobs;
  private final Map<Sha256, byte[]> recent = new LinkedHashMap<>(16, 0.75f, true);
  private int size;

  public Trees(BlobReader blobs) {
    this.blobs = blobs;
  }

  /** The bytes of a directory; not to be changed. */
  public byte[] read(Sha256 id) throws IOException {
    synchronized (recent) {
      byte[] known = recent.get(id);
      if (known != null) {
        return known;
      }
    }
    byte[] tree = blobs.read(BlobType.TREE, id);
    if (tree.length <= KEPT / 4) {
      keep(id, tree);
    }
    return tree;
  }

  /** How many bytes a directory has. */
  public long size(Sha256 id) throws IOException {
    return blobs.plainLength(BlobType.TREE, id);
  }

  private void keep(Sha256 id, byte[] tree) {
    synchronized (recent) {
      if (recent.put(id, tree) == null) {
        size += tree.length;
      }
      Iterator<byte[]> eldest = recent.values().iterator();
      while (size > KEPT) {
        size -= eldest.next().length;
        eldest.remove();
      }
    }
  }
}
