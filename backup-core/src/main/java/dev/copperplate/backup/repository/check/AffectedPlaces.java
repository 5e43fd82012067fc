package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.check.BlobTroubles.Blob;
import dev.copperplate.backup.repository.format.BlobIds;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeItem;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.format.TreeReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which paths of which snapshots lead to some blobs. A directory below which none of them
 * lies is read once, however many snapshots have it; the others once for each path. To be used
 * once, by one thread.
 */
public final class AffectedPlaces {

  /** So many places of a blob are named. */
  public static final int NAMED = 10;

  /** Deeper than any file system goes. */
  private static final int MAX_DEPTH = 4096;

  /** Where a wide directory is damaged, so many places tell enough. */
  private static final long MAX_PLACES = 1_000_000;

  /** The places of one blob. */
  public static final class Places {

    private final List<String> named = new ArrayList<>();
    private final Set<String> snapshots = new HashSet<>();
    private long count;

    private void add(Snapshot snapshot, EntryPath path) {
      count++;
      snapshots.add(snapshot.id().hex());
      if (named.size() < NAMED) {
        named.add("snapshot " + snapshot.id().shortHex() + ":" + path);
      }
    }

    /** The places in words: the first ten, and how many more there are. */
    @Override
    public String toString() {
      String more = count > named.size() ? " and " + (count - named.size()) + " more places" : "";
      String all = snapshots.size() > 1 ? ", of " + snapshots.size() + " snapshots" : "";
      return String.join(", ", named) + more + all;
    }
  }

  private record Level(Sha256 id, EntryPath path, TreeReader reader, boolean[] hit) {}

  private final BlobHealth health;
  private final Directories.Source trees;
  private final Map<Blob, Places> places = new HashMap<>();
  private final BitSet clean = new BitSet();
  private long found;

  public AffectedPlaces(BlobHealth health, Directories.Source trees) {
    this.health = health;
    this.trees = trees;
  }

  /** The places of these blobs. A blob that no snapshot names has none. */
  public Map<Blob, Places> find(Collection<Snapshot> snapshots, Collection<Blob> wanted)
      throws IOException {
    wanted.forEach(each -> places.put(each, new Places()));
    for (Snapshot each : snapshots) {
      if (found >= MAX_PLACES) {
        break;
      }
      walk(each);
    }
    places.values().removeIf(each -> each.count == 0);
    return places;
  }

  private void walk(Snapshot snapshot) throws IOException {
    Deque<Level> levels = new ArrayDeque<>();
    Sha256 root = Sha256.parse(snapshot.content().hex());
    note(snapshot, new Blob(BlobType.TREE, root), EntryPath.ROOT);
    enter(levels, root, EntryPath.ROOT);
    while (!levels.isEmpty()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("Interrupted while affected paths were looked for");
      }
      Level level = levels.element();
      TreeItem item = next(level);
      if (item == null) {
        leave(levels);
      } else if (item instanceof TreeNode node) {
        visit(snapshot, levels, level, node);
      }
    }
  }

  private static @Nullable TreeItem next(Level level) {
    try {
      return level.reader().next();
    } catch (FormatException broken) {
      return null;
    }
  }

  private void visit(Snapshot snapshot, Deque<Level> levels, Level level, TreeNode node)
      throws IOException {
    if (node.type() == EntryType.DIRECTORY && node.subtree() != null) {
      EntryPath path = level.path().child(node.name());
      if (note(snapshot, new Blob(BlobType.TREE, node.subtree()), path)) {
        level.hit()[0] = true;
      }
      enter(levels, node.subtree(), path);
    } else if (namesAny(node.content())) {
      EntryPath path = level.path().child(node.name());
      Set<Sha256> once = new HashSet<>();
      for (int i = 0; i < node.content().size(); i++) {
        Sha256 id = node.content().get(i);
        if (once.add(id)) {
          note(snapshot, new Blob(BlobType.DATA, id), path);
        }
      }
      level.hit()[0] = true;
    }
  }

  private boolean namesAny(BlobIds content) {
    for (int i = 0; i < content.size(); i++) {
      if (places.containsKey(new Blob(BlobType.DATA, content.get(i)))) {
        return true;
      }
    }
    return false;
  }

  private boolean note(Snapshot snapshot, Blob blob, EntryPath path) {
    Places known = places.get(blob);
    if (known == null) {
      return false;
    }
    known.add(snapshot, path);
    found++;
    return true;
  }

  private void enter(Deque<Level> levels, Sha256 id, EntryPath path) throws IOException {
    int number = health.number(BlobType.TREE, id);
    boolean known = number >= 0 && clean.get(number);
    if (known || levels.size() >= MAX_DEPTH || found >= MAX_PLACES) {
      return;
    }
    try {
      levels.push(new Level(id, path, new TreeReader(trees.read(id)), new boolean[1]));
    } catch (BackupException unreadable) {
      if (unreadable.kind() != Kind.MISSING
          && unreadable.kind() != Kind.DAMAGED
          && unreadable.kind() != Kind.UNSUPPORTED) {
        throw unreadable;
      }
      // It is one of those that are looked for, or one too many of them.
    }
  }

  private void leave(Deque<Level> levels) {
    Level left = levels.pop();
    left.reader().close();
    if (left.hit()[0]) {
      if (!levels.isEmpty()) {
        levels.element().hit()[0] = true;
      }
    } else {
      int number = health.number(BlobType.TREE, left.id());
      if (number >= 0) {
        clean.set(number);
      }
    }
  }
}
