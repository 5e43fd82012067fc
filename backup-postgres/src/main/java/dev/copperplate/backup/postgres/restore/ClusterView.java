package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of a combined cluster as a snapshot of its own, for the restorer of files. Without
 * what the restore writes itself. Thread-safe; there is nothing to close.
 */
final class ClusterView implements SnapshotReader {

  private final CombinedCluster cluster;
  private final EntryPath root;
  private final Set<EntryPath> omitted;

  /**
   * @param root the directory of the snapshot
   * @param omitted paths of the snapshot, each with all below it
   */
  ClusterView(CombinedCluster cluster, EntryPath root, Set<EntryPath> omitted) {
    this.cluster = cluster;
    this.root = root;
    this.omitted = Set.copyOf(omitted);
  }

  @Override
  public Snapshot snapshot() {
    return cluster.newest().snapshot();
  }

  @Override
  public Manifest manifest() {
    return Manifest.EMPTY;
  }

  @Override
  public Optional<Entry> entry(EntryPath path) throws IOException {
    try (Cursor<Entry> siblings = walk(path.parent(), 1)) {
      for (Entry each = siblings.next(); each != null; each = siblings.next()) {
        if (each.path().equals(path)) {
          return Optional.of(each);
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public Cursor<Entry> walk(EntryPath from, int depth) throws IOException {
    EntryPath stored = root;
    for (var name : from.names()) {
      stored = stored.child(name);
    }
    Cursor<Entry> walk = cluster.newest().walk(stored, depth);
    return new Cursor<>() {
      @Override
      public @Nullable Entry next() throws IOException {
        Entry next = walk.next();
        while (next != null && isOmitted(next.path())) {
          next = walk.next();
        }
        return next == null ? null : cluster.entry(next, root);
      }

      @Override
      public void close() throws IOException {
        walk.close();
      }
    };
  }

  private boolean isOmitted(EntryPath path) {
    for (EntryPath at = path; at.names().size() > root.names().size(); at = at.parent()) {
      if (omitted.contains(at)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public InputStream open(Entry file, ByteRange range) throws IOException {
    ClusterEntry entry = (ClusterEntry) file;
    if (!entry.combined()) {
      return cluster.newest().open(entry.stored(), range);
    }
    if (!range.equals(ByteRange.ALL)) {
      throw new IllegalArgumentException("A combined file is read whole: " + file.path());
    }
    return cluster.open(entry);
  }

  @Override
  public void close() {
    // The chain closes what it opened.
  }
}
