package dev.copperplate.backup.testkit;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot holds, in memory: to be captured through a {@link TreeSource}, read again with
 * {@link #read}, and compared by {@code equals}, which counts every byte.
 *
 * <p>Immutable. What the engine writes below {@code /.backup} is no part of it.
 *
 * @param entries by path, in the order of a walk; every directory that leads to one is among them
 */
public record Tree(SortedMap<EntryPath, Item> entries) {

  /** A tree without entries. */
  public static final Tree EMPTY = new Tree(new TreeMap<>());

  private static final EntryPath OWN = EntryPath.of(".backup");

  /**
   * One entry: what of it comes back.
   *
   * @param bytes the content of a file or the target of a link; none for a directory
   */
  public record Item(EntryType type, Attributes attributes, RawName bytes) {

    /** A file of these bytes. */
    public static Item file(Attributes attributes, byte[] content) {
      return new Item(EntryType.FILE, attributes, RawName.of(content));
    }

    /** A symbolic link. */
    public static Item link(Attributes attributes, RawName target) {
      return new Item(EntryType.SYMLINK, attributes, target);
    }

    /** A directory; what it holds are entries of their own. */
    public static Item directory(Attributes attributes) {
      return new Item(EntryType.DIRECTORY, attributes, RawName.of(""));
    }

    /** Short, because contents are long. */
    @Override
    public String toString() {
      return type
          + " of "
          + bytes.length()
          + " bytes, hash "
          + bytes.hashCode()
          + ", "
          + attributes;
    }
  }

  public Tree {
    SortedMap<EntryPath, Item> all = new TreeMap<>(entries);
    for (EntryPath path : entries.keySet()) {
      for (EntryPath at = path.parent(); !at.isRoot(); at = at.parent()) {
        Item above = all.computeIfAbsent(at, each -> Item.directory(Attributes.PLAIN_DIRECTORY));
        if (above.type() != EntryType.DIRECTORY) {
          throw new IllegalArgumentException(path + " lies below " + at + ", a " + above.type());
        }
      }
    }
    entries = Collections.unmodifiableSortedMap(all);
  }

  /** This tree with one more entry, or another in its place. */
  public Tree with(EntryPath path, Item item) {
    SortedMap<EntryPath, Item> more = new TreeMap<>(entries);
    more.put(path, item);
    return new Tree(more);
  }

  /** This tree without an entry and all below it. */
  public Tree without(EntryPath path) {
    SortedMap<EntryPath, Item> fewer = new TreeMap<>(entries);
    fewer.keySet().removeIf(each -> each.startsWith(path));
    return new Tree(fewer);
  }

  /** Whether an entry can be added there: nothing has the path, and no file stands above it. */
  public boolean isFree(EntryPath path) {
    boolean free = !path.isRoot() && !path.startsWith(OWN) && !entries.containsKey(path);
    for (EntryPath at = path; free && !at.isRoot(); at = at.parent()) {
      @Nullable Item item = entries.get(at);
      free = item == null || item.type() == EntryType.DIRECTORY;
    }
    return free;
  }

  /**
   * What a snapshot holds.
   *
   * @throws AssertionError if it does not come in the promised order
   */
  public static Tree read(SnapshotReader reader) throws IOException {
    Map<EntryPath, Item> found = new TreeMap<>();
    EntryPath last = EntryPath.ROOT;
    try (Cursor<Entry> walk = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      for (Entry each = walk.next(); each != null; each = walk.next()) {
        if (each.path().compareTo(last) <= 0) {
          throw new AssertionError(each.path() + " comes behind " + last);
        }
        last = each.path();
        if (!last.startsWith(OWN)) {
          found.put(last, item(reader, each));
        }
      }
    }
    return new Tree(new TreeMap<>(found));
  }

  private static Item item(SnapshotReader reader, Entry entry) throws IOException {
    return new Item(entry.type(), entry.attributes(), bytes(reader, entry));
  }

  private static RawName bytes(SnapshotReader reader, Entry entry) throws IOException {
    if (entry.type() != EntryType.FILE) {
      return entry.linkTarget().orElse(RawName.of(""));
    }
    try (InputStream in = reader.open(entry, ByteRange.ALL)) {
      return RawName.of(in.readAllBytes());
    }
  }
}
