package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.repository.format.DamagedNode;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeItem;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.format.TreeReader;
import dev.copperplate.backup.repository.read.StoredEntry.Origin;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks directories from the top, holding the bytes of those on the current path. After an
 * exception that says missing or damaged it goes on behind what that names.
 */
final class TreeWalk implements Cursor<Entry> {

  /** Deeper than any file system goes; a deeper tree was made to exhaust its reader. */
  static final int MAX_DEPTH = 4096;

  private record Level(EntryPath path, Sha256 tree, TreeReader reader) {

    @Nullable Origin origin() {
      return reader.size() == 0 ? null : new Origin(tree, reader.size());
    }
  }

  private final String repository;
  private final Trees trees;
  private final int depth;
  private final RecentDirectories recent;
  private final Deque<Level> levels = new ArrayDeque<>();
  private @Nullable StoredEntry next;

  TreeWalk(String repository, Trees trees, StoredEntry from, int depth, RecentDirectories recent) {
    this.repository = repository;
    this.trees = trees;
    this.depth = depth;
    this.recent = recent;
    this.next = from;
  }

  @Override
  public @Nullable Entry next() throws IOException {
    stopIfInterrupted();
    if (next != null) {
      enter();
    }
    while (!levels.isEmpty()) {
      Level level = levels.peek();
      TreeItem item = read(level);
      if (item == null) {
        levels.pop();
      } else if (item instanceof DamagedNode damaged) {
        throw damaged(
            level.path(), "its entry '" + damaged.name() + "': " + damaged.problem(), null);
      } else {
        return found(level, (TreeNode) item);
      }
    }
    return null;
  }

  /** A walk through directories that are all in memory does nothing else that could notice. */
  private static void stopIfInterrupted() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("Interrupted while directories were walked");
    }
  }

  private StoredEntry found(Level level, TreeNode node) {
    StoredEntry entry =
        StoredEntry.of(repository, level.path().child(node.name()), node, level.origin());
    if (entry.type() == EntryType.DIRECTORY) {
      recent.add(entry);
      next = levels.size() < depth ? entry : null;
    }
    return entry;
  }

  private void enter() throws IOException {
    StoredEntry directory = Objects.requireNonNull(next);
    next = null;
    if (levels.size() >= MAX_DEPTH) {
      throw damaged(directory.path(), "it lies more than " + MAX_DEPTH + " levels deep", null);
    }
    Sha256 tree = Objects.requireNonNull(directory.subtree());
    try {
      levels.push(new Level(directory.path(), tree, new TreeReader(trees.read(tree))));
    } catch (BackupException unreadable) {
      throw new BackupException(
          unreadable.kind(),
          "Directory " + directory.path() + " cannot be read: " + unreadable.getMessage(),
          unreadable);
    }
  }

  private @Nullable TreeItem read(Level level) throws BackupException {
    try {
      return level.reader().next();
    } catch (FormatException broken) {
      levels.pop();
      throw damaged(level.path(), broken.getMessage(), broken);
    }
  }

  private static BackupException damaged(
      EntryPath path, @Nullable String problem, @Nullable Throwable cause) {
    return new BackupException(
        Kind.DAMAGED,
        "Directory " + path + " is damaged: " + problem + ". What else it holds can still be read",
        cause);
  }

  @Override
  public void close() {
    levels.clear();
    next = null;
  }
}
