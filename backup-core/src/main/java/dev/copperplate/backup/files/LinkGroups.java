package dev.copperplate.backup.files;

import dev.copperplate.backup.Entry;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.Task;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Files with several names. The first name that is written gets one more, a number in a private
 * directory; the others are linked to that. So no link is ever made to a place that somebody else
 * could have changed meanwhile, and a name deep in the tree needs no open directory.
 *
 * <p>{@link #keep} is called by workers, everything else by the walking thread.
 */
final class LinkGroups {

  private final Place store;
  private final Losses losses;
  private final Map<Key, Group> groups = new HashMap<>();

  LinkGroups(Place store, Losses losses) {
    this.store = store;
    this.losses = losses;
  }

  /** Whether a file has other names in its snapshot. */
  static boolean isLinked(Entry entry) {
    return entry.attributes().links() > 1 && entry.attributes().inode() != 0;
  }

  /**
   * The name in the store to link to, once that is written; empty if the file has to be written
   * (also again, when writing an earlier name failed).
   */
  Optional<RawName> written(Entry entry) throws IOException, InterruptedException {
    Group group = groups.get(Key.of(entry));
    return group != null && group.first.get() && store.directory().status(group.name()).isPresent()
        ? Optional.of(group.name())
        : Optional.empty();
  }

  /** Gives a file of the store a name elsewhere. */
  void link(RawName stored, OpenDirectory to, RawName name) throws IOException {
    to.link(name, store.directory(), stored);
  }

  /** To be called before a worker is given a file, so that the store stays open for it. */
  void retain() {
    store.retain();
  }

  void release() {
    store.release();
  }

  /** Says who writes the first name. */
  void writing(Entry entry, Task<Boolean> first) {
    groups.put(Key.of(entry), new Group(Key.of(entry), first));
  }

  /** Keeps the written file of that name for further links; of the first name alone. */
  void keep(OpenDirectory from, RawName temporary, Entry entry) {
    if (!isLinked(entry)) {
      return;
    }
    try {
      store.directory().link(Key.of(entry).name(), from, temporary);
    } catch (IOException otherFileSystem) {
      // Then each name becomes a file of its own.
      losses.add(Loss.HARD_LINKS, entry.path());
    }
  }

  private record Group(Key key, Task<Boolean> first) {
    RawName name() {
      return key.name();
    }
  }

  /** What names of one file have in common in a snapshot. */
  record Key(long device, long inode) {

    static Key of(Entry entry) {
      return new Key(entry.attributes().device(), entry.attributes().inode());
    }

    RawName name() {
      return RawName.of(Long.toUnsignedString(device) + "-" + Long.toUnsignedString(inode));
    }
  }
}
