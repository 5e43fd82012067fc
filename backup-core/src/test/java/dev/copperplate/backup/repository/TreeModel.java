package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a snapshot holds, one line for each entry: its type, and its target or content. The engine's
 * own manifest is left out.
 */
record TreeModel(Map<EntryPath, String> entries) {

  private static final EntryPath OWN = EntryPath.of(".backup");

  static TreeModel empty() {
    return new TreeModel(new TreeMap<>());
  }

  void file(EntryPath path, byte[] content) {
    put(path, "file " + text(content));
  }

  void link(EntryPath path, byte[] target) {
    put(path, "link " + text(target));
  }

  /** A directory, and those above it. */
  void directory(EntryPath path) {
    for (EntryPath at = path; !at.isRoot(); at = at.parent()) {
      entries.putIfAbsent(at, "directory");
    }
  }

  private void put(EntryPath path, String what) {
    directory(path.parent());
    entries.put(path, what);
  }

  /** What a reader finds, and whether it comes in the promised order. */
  static TreeModel read(SnapshotReader reader) throws IOException {
    TreeModel found = empty();
    List<EntryPath> order = new ArrayList<>();
    try (Cursor<Entry> walk = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      for (Entry each = walk.next(); each != null; each = walk.next()) {
        order.add(each.path());
        found.add(reader, each);
      }
    }
    List<EntryPath> sorted = order.stream().sorted().toList();
    if (!sorted.equals(order)) {
      throw new AssertionError("Not ascending: " + order);
    }
    return found;
  }

  private void add(SnapshotReader reader, Entry entry) throws IOException {
    if (entry.path().startsWith(OWN)) {
      return;
    }
    if (entry.type() == EntryType.FILE) {
      try (InputStream in = reader.open(entry, ByteRange.ALL)) {
        file(entry.path(), in.readAllBytes());
      }
    } else if (entry.type() == EntryType.SYMLINK) {
      link(entry.path(), entry.linkTarget().orElseThrow().toByteArray());
    } else {
      directory(entry.path());
    }
  }

  /** Every byte counts, so each is one character. */
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Backs up into a repository and reads the snapshot again. */
  static TreeModel roundTrip(BackupRepository repository, BackupSource source)
      throws IOException, InterruptedException {
    try (SnapshotReader reader = repository.open(repository.backup(source).snapshot())) {
      return read(reader);
    }
  }
}
