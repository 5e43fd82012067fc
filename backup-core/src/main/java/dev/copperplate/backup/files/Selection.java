package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The part of a snapshot that is restored: everything, or some paths with the way to them. */
final class Selection {

  private final SnapshotReader snapshot;
  private final SortedSet<EntryPath> paths = new TreeSet<>();

  Selection(SnapshotReader snapshot, Collection<EntryPath> only) {
    this.snapshot = snapshot;
    paths.addAll(only.isEmpty() ? Set.of(EntryPath.ROOT) : only);
    paths.removeIf(each -> !each.isRoot() && hasParentSelected(each));
  }

  /** Whether it is a directory on the way to a selected path, not itself selected. */
  boolean isOnTheWay(EntryPath path) {
    return !paths.contains(path) && !(hasParentSelected(path) && !path.isRoot());
  }

  /** All entries in the order of a walk: the way to each selected path, itself, and all below. */
  Cursor<Entry> walk() throws IOException {
    Deque<EntryPath> starts = new ArrayDeque<>();
    Set<EntryPath> met = new HashSet<>();
    for (EntryPath path : paths) {
      Deque<EntryPath> way = new ArrayDeque<>();
      for (EntryPath above = path; !above.isRoot(); above = above.parent()) {
        way.addFirst(above);
      }
      way.stream().filter(met::add).forEach(starts::addLast);
    }
    return paths.contains(EntryPath.ROOT)
        ? snapshot.walk(EntryPath.ROOT, Integer.MAX_VALUE)
        : new Walk(starts);
  }

  private boolean hasParentSelected(EntryPath path) {
    for (EntryPath above = path; !above.isRoot(); ) {
      above = above.parent();
      if (paths.contains(above)) {
        return true;
      }
    }
    return false;
  }

  private final class Walk implements Cursor<Entry> {

    private final Deque<EntryPath> starts;
    private @Nullable Cursor<Entry> below;

    Walk(Deque<EntryPath> starts) {
      this.starts = starts;
    }

    @Override
    public @Nullable Entry next() throws IOException {
      if (below != null) {
        Entry entry = below.next();
        if (entry != null) {
          return entry;
        }
        close();
      }
      EntryPath start = starts.pollFirst();
      if (start == null) {
        return null;
      }
      Entry entry = snapshot.entry(start).orElseThrow(() -> absent(start));
      if (paths.contains(start) && entry.type() == EntryType.DIRECTORY) {
        below = snapshot.walk(start, Integer.MAX_VALUE);
      }
      return entry;
    }

    private BackupException absent(EntryPath path) {
      return new BackupException(
          BackupException.Kind.NOT_FOUND,
          "The snapshot " + snapshot.snapshot().id().shortHex() + " has no " + path);
    }

    @Override
    public void close() throws IOException {
      if (below != null) {
        below.close();
        below = null;
      }
    }
  }
}
