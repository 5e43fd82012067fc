package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.basebackup.ManifestFile;
import java.io.IOException;

/**
 * What a restore of a cluster will write; made by a walk through all of it, which refuses what no
 * base holds.
 *
 * @param files how many
 * @param bytes how many they have when they are combined
 */
record ClusterCensus(long files, long bytes) {

  private static final long MOST = Long.MAX_VALUE / 2;

  /**
   * Counts, and compares with the server's manifest: each file that it names is there, with its
   * size.
   */
  static ClusterCensus of(CombinedCluster cluster, StoredManifest manifest) throws IOException {
    long files = 0;
    long bytes = 0;
    try (Cursor<Entry> walk = cluster.newest().walk(CombinedCluster.ROOT, Integer.MAX_VALUE)) {
      for (Entry each = walk.next(); each != null; each = walk.next()) {
        ClusterEntry entry = cluster.entry(each, CombinedCluster.ROOT);
        files += entry.type() == EntryType.FILE ? 1 : 0;
        bytes = saturated(bytes, Math.max(0, entry.size()));
      }
    }
    manifest.visit(file -> require(file, cluster.newest()));
    return new ClusterCensus(files, bytes);
  }

  /** Sizes are claims of the snapshot, and may be anything. */
  private static long saturated(long bytes, long more) {
    return bytes > MOST - more ? MOST : bytes + more;
  }

  private static void require(ManifestFile file, SnapshotReader base) throws IOException {
    EntryPath path = CombinedCluster.ROOT;
    for (var name : file.path().names()) {
      path = path.child(name);
    }
    // It is made anew where tablespaces are mapped, and bases do not store it.
    boolean there =
        file.path().equals(EntryPath.of("tablespace_map"))
            || base.entry(path).filter(each -> each.size() == file.size()).isPresent();
    if (!there) {
      throw new BackupException(
          Kind.DAMAGED,
          "The base is not whole: "
              + path
              + ", which the server sent with "
              + file.size()
              + " bytes, is not stored so. Restore another base");
    }
  }
}
