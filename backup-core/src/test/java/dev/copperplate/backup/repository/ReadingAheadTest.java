package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.target.LocalTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a store is asked while a snapshot is read. */
class ReadingAheadTest {

  @TempDir Path directory;

  private final Random random = new Random(1);
  private Reads reads;
  private BackupRepository repository;

  @BeforeEach
  void open() throws Exception {
    reads = new Reads(LocalTarget.at(directory.resolve("repository")));
    // One thread of each kind, so that files lie in packs in the order of their names.
    repository = TestRepositories.create(reads, RepositoryOptions.DEFAULT.threads(1));
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
    assertEquals(List.of(), EngineThreads.remaining());
  }

  @Test
  void eachPieceOfALongFileIsAskedForOnce() throws Exception {
    byte[] content = random(20_000_000);
    try (SnapshotReader reader = repository.open(stored(Map.of("long", content)))) {
      Entry file = reader.entry(EntryPath.of("long")).orElseThrow();
      reads.clear();
      try (InputStream in = reader.open(file, ByteRange.ALL)) {
        assertArrayEquals(content, in.readAllBytes());
      }
      assertEquals(List.of(), reads.repeated());
      assertTrue(reads.count() > 2, "It is in one piece");
    }
  }

  @Test
  void skippingFetchesNothing() throws Exception {
    byte[] content = random(20_000_000);
    try (SnapshotReader reader = repository.open(stored(Map.of("long", content)))) {
      Entry file = reader.entry(EntryPath.of("long")).orElseThrow();
      reads.clear();
      try (InputStream in = reader.open(file, ByteRange.ALL)) {
        assertEquals(content[0] & 0xff, in.read());
        assertEquals(1, reads.count());
        in.skipNBytes(content.length - 2);
        assertEquals(1, reads.count());
        assertEquals(content[content.length - 1] & 0xff, in.read());
        assertEquals(2, reads.count());
        assertEquals(-1, in.read());
      }
    }
  }

  @Test
  void aRangeIsReadAsFarAsItGoesAndNoFurther() throws Exception {
    byte[] content = random(20_000_000);
    try (SnapshotReader reader = repository.open(stored(Map.of("long", content)))) {
      Entry file = reader.entry(EntryPath.of("long")).orElseThrow();
      reads.clear();
      try (InputStream in = reader.open(file, new ByteRange(0, 1))) {
        assertEquals(1, in.readAllBytes().length);
      }
      assertEquals(1, reads.count());
    }
  }

  @Test
  void whoLeavesEarlyWaitsForNothing() throws Exception {
    byte[] content = random(20_000_000);
    try (SnapshotReader reader = repository.open(stored(Map.of("long", content)))) {
      Entry file = reader.entry(EntryPath.of("long")).orElseThrow();
      InputStream in = reader.open(file, ByteRange.ALL);
      in.readNBytes(10_000_000);
      in.close();
      assertThrows(IOException.class, in::read);
    }
  }

  @Test
  void smallFilesSideBySideAreReadTogether() throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    for (int i = 0; i < 1000; i++) {
      files.put("f" + i, random(2000));
    }
    try (SnapshotReader reader = repository.open(stored(files))) {
      List<Entry> entries = new ArrayList<>();
      try (var all = reader.walk(EntryPath.ROOT, 1)) {
        for (Entry each = all.next(); each != null; each = all.next()) {
          if (files.containsKey(each.path().name().toString())) {
            entries.add(each);
          }
        }
      }
      reads.clear();
      for (Entry each : entries) {
        try (InputStream in = reader.open(each, ByteRange.ALL)) {
          assertArrayEquals(files.get(each.path().name().toString()), in.readAllBytes());
        }
      }
      assertEquals(files.size(), entries.size());
      assertTrue(reads.count() < 100, reads.count() + " reads of the store for 1,000 files");
    }
  }

  /** The pieces behind the one that failed are there already, and are not it. */
  @Test
  void whoReadsOnAfterAFailureGetsWhatBelongsThere() throws Exception {
    byte[] content = random(30_000_000);
    try (SnapshotReader reader = repository.open(stored(Map.of("long", content)))) {
      Entry file = reader.entry(EntryPath.of("long")).orElseThrow();
      int failures = 0;
      byte[] got = new byte[content.length];
      try (InputStream in = reader.open(file, ByteRange.ALL)) {
        int at = 0;
        while (at < got.length) {
          reads.spoilOnly = failures < 5 ? reads.count() + 2 : -1;
          try {
            at += in.read(got, at, Math.min(100_000, got.length - at));
          } catch (BackupException damaged) {
            failures++;
          }
        }
        assertEquals(-1, in.read());
      }
      assertTrue(failures > 0, "Nothing failed");
      assertArrayEquals(content, got);
    }
  }

  @Test
  void aStreamOutlivesItsReader() throws Exception {
    byte[] content = random(20_000_000);
    InputStream in;
    try (SnapshotReader reader = repository.open(stored(Map.of("long", content)))) {
      in = reader.open(reader.entry(EntryPath.of("long")).orElseThrow(), ByteRange.ALL);
    }
    assertArrayEquals(content, in.readAllBytes());
  }

  /** What was read ahead is not what it should be; the next look may find it whole. */
  @Test
  void whatWasReadAheadDamagedIsNotKept() throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      files.put("f" + i, random(2000));
    }
    try (SnapshotReader reader = repository.open(stored(files))) {
      Entry some = reader.entry(EntryPath.of("f7")).orElseThrow();
      reads.spoil = true;
      BackupException damaged =
          assertThrows(
              BackupException.class,
              () -> {
                for (int i = 0; i < 50; i++) {
                  Entry each = reader.entry(EntryPath.of("f" + i)).orElseThrow();
                  reader.open(each, ByteRange.ALL).readAllBytes();
                }
              });
      assertEquals(BackupException.Kind.DAMAGED, damaged.kind());
      reads.spoil = false;
      assertArrayEquals(files.get("f7"), reader.open(some, ByteRange.ALL).readAllBytes());
    }
  }

  private Snapshot stored(Map<String, byte[]> files) throws Exception {
    return repository.backup(new MapSource("some", files)).snapshot();
  }

  private byte[] random(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Counts what is read of packs, and spoils it when told. */
  private static final class Reads extends DecoratedTarget {

    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean spoil;
    private volatile int spoilOnly = -1;

    Reads(BackupTarget target) {
      super(target);
    }

    void clear() {
      ranges.clear();
    }

    int count() {
      return ranges.size();
    }

    List<String> repeated() {
      List<String> all = new ArrayList<>(ranges);
      List.copyOf(all).stream().distinct().forEach(all::remove);
      return all;
    }

    @Override
    public InputStream read(ObjectKey key, ByteRange range) throws IOException {
      InputStream in = super.read(key, range);
      if (key.value().startsWith("data/")) {
        ranges.add(key + " " + range);
        if (spoil || ranges.size() == spoilOnly) {
          byte[] bytes = in.readAllBytes();
          in.close();
          bytes[bytes.length / 2] ^= 1;
          return new ByteArrayInputStream(bytes);
        }
      }
      return in;
    }
  }
}
