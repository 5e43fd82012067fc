package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Leads a visitor through a walk of a snapshot, directory by directory. It believes nothing: an
 * entry counts only below a directory that was met as one, however the snapshot arranges its paths.
 *
 * @param <P> what the visitor keeps of a directory while it is inside
 */
final class Descent<P> {

  /** Each level holds two descriptors open. */
  static final int MAX_DEPTH = 1_000;

  /** What is done on the way. */
  interface Visitor<P> {

    /** A directory; null skips all below it. */
    @Nullable P directory(P parent, Entry entry) throws IOException, InterruptedException;

    /** Anything else. */
    void other(P parent, Entry entry) throws IOException, InterruptedException;

    /** Everything in the directory was met, and it is not needed any more. */
    void left(P directory) throws IOException, InterruptedException;

    /** The descent failed before everything in the directory was met. */
    void abandoned(P directory);

    /** A part of the snapshot cannot be read. */
    void broken(BackupException failure);

    /** An entry that cannot be restored, whatever the destination. */
    void refused(Entry entry, String why);
  }

  private final Visitor<P> visitor;
  private final Deque<Level<P>> levels = new ArrayDeque<>();

  Descent(Visitor<P> visitor) {
    this.visitor = visitor;
  }

  void run(Cursor<Entry> walk, P top) throws IOException, InterruptedException {
    levels.push(new Level<>(EntryPath.ROOT, top));
    try {
      for (Entry entry = next(walk); entry != null; entry = next(walk)) {
        if (Thread.interrupted()) {
          throw new InterruptedException("The restore was cancelled at " + entry.path());
        }
        visit(entry);
      }
      while (!levels.isEmpty()) {
        leave();
      }
    } finally {
      levels.forEach(this::abandon);
    }
  }

  private @Nullable Entry next(Cursor<Entry> walk) throws IOException {
    while (true) {
      try {
        return walk.next();
      } catch (BackupException failure) {
        if (!Reasons.isBrokenContent(failure)) {
          throw failure;
        }
        visitor.broken(failure);
      }
    }
  }

  private void visit(Entry entry) throws IOException, InterruptedException {
    if (entry.path().isRoot()) {
      return;
    }
    EntryPath parent = entry.path().parent();
    while (!parent.startsWith(levels.element().path)) {
      leave();
    }
    Level<P> level = levels.element();
    if (!level.path.equals(parent)) {
      visitor.refused(entry, "lies below something that is no directory in the snapshot");
      return;
    }
    P place = level.place;
    if (entry.type() != EntryType.DIRECTORY) {
      if (place != null) {
        visitor.other(place, entry);
      }
      return;
    }
    levels.push(new Level<>(entry.path(), place == null ? null : enter(place, entry)));
  }

  private @Nullable P enter(P place, Entry entry) throws IOException, InterruptedException {
    if (levels.size() > MAX_DEPTH) {
      visitor.refused(entry, "lies deeper than " + MAX_DEPTH + " directories");
      return null;
    }
    return visitor.directory(place, entry);
  }

  private void leave() throws IOException, InterruptedException {
    P place = levels.pop().place;
    if (place != null) {
      visitor.left(place);
    }
  }

  private void abandon(Level<P> level) {
    if (level.place != null) {
      visitor.abandoned(level.place);
    }
  }

  private record Level<P>(EntryPath path, @Nullable P place) {}
}
