package dev.copperplate.backup.files;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is being restored. It stays open while the walk is in it, a worker writes into
 * it, or a directory below is open; the last of them finishes it. So directories get their metadata
 * when nothing changes in them any more, deepest first.
 */
final class Place {

  private final EntryPath path;
  private final @Nullable Place parent;
  private final OpenDirectory directory;
  private final ExtraNames extra;
  private final Runnable finish;
  private final AtomicInteger users = new AtomicInteger(1);
  private @Nullable RawName last;
  private boolean ascending = true;

  Place(
      EntryPath path,
      @Nullable Place parent,
      OpenDirectory directory,
      ExtraNames extra,
      Runnable finish) {
    this.path = path;
    this.parent = parent;
    this.directory = directory;
    this.extra = extra;
    this.finish = finish;
    if (parent != null) {
      parent.retain();
    }
  }

  EntryPath path() {
    return path;
  }

  OpenDirectory directory() {
    return directory;
  }

  ExtraNames extra() {
    return extra;
  }

  EntryPath child(RawName name) {
    return path.child(name);
  }

  /**
   * Whether nothing can have the name, so that nobody has to look: the directory is ours, and the
   * names were asked for in ascending order, so that this one is not there twice. To be asked once
   * for each, by the walking thread.
   */
  boolean isFree(RawName name) {
    ascending &= last == null || last.compareTo(name) < 0;
    last = name;
    return ascending && directory.isOurs();
  }

  /** One more works in it; to be called by somebody who does. */
  void retain() {
    users.incrementAndGet();
  }

  /** One less works in it. */
  void release() {
    if (users.decrementAndGet() > 0) {
      return;
    }
    try {
      finish.run();
    } finally {
      directory.close();
      if (parent != null) {
        parent.release();
      }
    }
  }
}
