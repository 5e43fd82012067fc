package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.wal.SegmentSize;
import dev.copperplate.backup.postgres.wal.WalSegment;
import dev.copperplate.backup.repository.BackupRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The WAL of all commits of a source together, as a restore lays it out. */
final class ArchivedWal {

  private static final int PAGE = 8192;

  /** More than a marker's message takes. */
  private static final int RECORD = 128;

  private final SegmentSize size;
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, String> facts;

  private ArchivedWal(SegmentSize size, Map<String, String> facts) {
    this.size = size;
    this.facts = facts;
  }

  static ArchivedWal of(BackupRepository repository, String name) throws IOException {
    return of(repository, snapshots(repository, name));
  }

  /** Of one commit alone. */
  static ArchivedWal of(BackupRepository repository, Snapshot commit) throws IOException {
    return of(repository, List.of(commit));
  }

  private static ArchivedWal of(BackupRepository repository, List<Snapshot> all)
      throws IOException {
    ArchivedWal wal = null;
    for (Snapshot each : all) {
      try (SnapshotReader reader = repository.open(each)) {
        Map<String, String> facts = reader.manifest().facts();
        ArchivedWal one =
            new ArchivedWal(new SegmentSize(Long.parseLong(facts.get("wal-segment-bytes"))), facts);
        one.files.putAll(wal == null ? Map.of() : wal.files);
        one.add(reader);
        wal = one;
      }
    }
    return wal;
  }

  /** Oldest first. */
  static List<Snapshot> snapshots(BackupRepository repository, String name) throws IOException {
    List<Snapshot> all =
        new ArrayList<>(repository.list(SnapshotFilter.of(new SourceId("postgres-wal", name))));
    Collections.reverse(all);
    return all;
  }

  private void add(SnapshotReader reader) throws IOException {
    try (Cursor<Entry> all = reader.walk(EntryPath.of("wal"), 2)) {
      for (Entry each = all.next(); each != null; each = all.next()) {
        if (each.type() == EntryType.FILE) {
          try (InputStream in = reader.open(each, ByteRange.ALL)) {
            files.put(each.path().name().toString(), in.readAllBytes());
          }
        }
      }
    }
  }

  String fact(String key) {
    return facts.get(key);
  }

  Lsn end() {
    return Lsn.parse(facts.get("end-lsn"));
  }

  byte[] file(String name) {
    return files.get(name);
  }

  List<String> names() {
    return List.copyOf(files.keySet());
  }

  /** Whole segments of both are the same; how many there were. */
  int assertSegmentsAreThoseOf(Path directory) throws IOException {
    int compared = 0;
    for (String each : names()) {
      Path theirs = directory.resolve(each);
      if (size.isName(each) && Files.exists(theirs)) {
        assertArrayEquals(Files.readAllBytes(theirs), file(each), each);
        compared++;
      }
    }
    return compared;
  }

  /** Every byte of a timeline from a position to another is there, and as in the server's files. */
  void assertHolds(int timeline, Lsn from, Lsn to, Path directory) throws IOException {
    WalSegment segment = size.holding(timeline, from);
    for (; segment.start().isBefore(to); segment = segment.next()) {
      byte[] ours = files.getOrDefault(segment.name(), files.get(segment.partialName()));
      assertTrue(ours != null, segment.name() + " is not in " + names());
      assertEquals(size.bytes(), ours.length);
      int end = (int) Math.min(size.bytes(), to.minus(segment.start()));
      byte[] theirs = Files.readAllBytes(directory.resolve(segment.name()));
      assertArrayEquals(Arrays.copyOf(theirs, end), Arrays.copyOf(ours, end), segment.name());
    }
  }

  /** Whether the bytes stand shortly before a position, unless a page's head may part them. */
  boolean holds(int timeline, Lsn end, byte[] bytes) {
    WalSegment segment = size.holding(timeline, end.plus(-1));
    byte[] ours = files.getOrDefault(segment.name(), files.get(segment.partialName()));
    int to = (int) segment.offset(end.plus(-1)) + 1;
    int from = Math.max(0, to - RECORD);
    if (ours == null) {
      return false;
    }
    String near = new String(ours, from, to - from, StandardCharsets.ISO_8859_1);
    boolean parted = to % PAGE < RECORD;
    return parted || near.contains(new String(bytes, StandardCharsets.ISO_8859_1));
  }
}
