package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.retention.RetentionPolicies;
import dev.copperplate.backup.testkit.MemoryTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A service that commits every minute and consolidates every hour: verify, expire and prune. A
 * second process looks on. Time passes only between two commits, and locks do not settle.
 */
final class MinuteCommits implements AutoCloseable {

  private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");
  private static final int MINUTES = 60;
  private static final int HOURS = 24;

  /** Kept to the minute. */
  private static final int NEWEST = 120;

  private final MemoryTarget target = new MemoryTarget(this::now);
  private final ReadsOfIndexFiles written = new ReadsOfIndexFiles(target);
  private final ReadsOfIndexFiles watched = new ReadsOfIndexFiles(target);
  private final RepositoryOptions options;
  private final RetentionPolicy policy;
  private final BackupRepository service;
  private final BackupRepository onlooker;
  private final MinuteSource source = new MinuteSource();
  private volatile Instant now = BEGIN;
  private Set<ObjectKey> known = Set.of();
  private int mostSnapshots;
  private int mostObjects;
  private int mostPacks;
  private Duration longestOpening = Duration.ZERO;

  /**
   * @param days which snapshots stay besides the newest
   */
  MinuteCommits(Path scratch, RetentionPolicy days) throws IOException {
    policy = RetentionPolicies.any(days, RetentionPolicies.last(NEWEST));
    options = RepositoryOptions.DEFAULT.clock(this::now).scratch(scratch).threads(1);
    // With a key that costs what keys cost, so that the time of opening is a real one.
    BackupRepository.create(target, TestRepositories.PASSWORDS, options).close();
    service = TestRepositories.openWithoutRivals(written, options);
    onlooker = TestRepositories.openWithoutRivals(watched, options);
  }

  private Instant now() {
    return now;
  }

  /** Writes what the target holds into a directory. */
  void copyTo(Path directory) throws IOException {
    for (ObjectKey each : target.keys("")) {
      Path file = directory.resolve(each.value());
      Files.createDirectories(file.getParent());
      try (InputStream in = target.read(each, ByteRange.ALL)) {
        Files.copy(in, file);
      }
    }
  }

  void day() throws IOException, InterruptedException {
    for (int hour = 0; hour < HOURS; hour++) {
      for (int minute = 0; minute < MINUTES; minute++) {
        service.backup(source);
        now = now.plus(Duration.ofMinutes(1));
      }
      measure();
      assertEquals(Set.of(), written.again());
      consolidate();
      lookOn();
    }
    open();
  }

  private void consolidate() throws IOException, InterruptedException {
    Snapshot newest = service.list(SnapshotFilter.ALL).get(0);
    assertTrue(service.verify(newest, Verifiers.structure()).passed());
    RetentionPlan plan = service.plan(policy);
    assertEquals(List.of(), plan.questions());
    service.expire(plan);
    assertTrue(service.prune(PruneOptions.DEFAULT).complete());
  }

  /** The most there is: before it is consolidated. */
  private void measure() throws IOException {
    mostSnapshots = Math.max(mostSnapshots, service.list(SnapshotFilter.ALL).size());
    int packs = target.keys("data/").size();
    mostPacks = Math.max(mostPacks, packs);
    mostObjects = Math.max(mostObjects, target.keys("").size() - packs);
  }

  /** A process that has read the index an hour ago reads the files that have come, each once. */
  private void lookOn() throws IOException {
    Set<ObjectKey> files = new HashSet<>(target.keys("index/"));
    Set<ObjectKey> come = new HashSet<>(files);
    come.removeAll(known);
    known = files;
    onlooker.open(onlooker.list(SnapshotFilter.ALL).get(0)).close();
    List<ObjectKey> read = watched.take();
    assertEquals(come, Set.copyOf(read));
    assertEquals(come.size(), read.size());
    assertEquals(Set.of(), watched.again());
  }

  /** What a process does first. */
  private void open() throws IOException {
    long begun = System.nanoTime();
    try (BackupRepository opened =
        BackupRepository.open(target, TestRepositories.PASSWORDS, options)) {
      opened.open(opened.list(SnapshotFilter.ALL).get(0)).close();
    }
    Duration taken = Duration.ofNanos(System.nanoTime() - begun);
    longestOpening = taken.compareTo(longestOpening) > 0 ? taken : longestOpening;
  }

  int mostSnapshots() {
    return mostSnapshots;
  }

  int mostObjects() {
    return mostObjects;
  }

  /** The last snapshots of so many days are there, and hold the whole day. */
  void assertDaysAreThere(int days) throws IOException {
    Map<Instant, Snapshot> last =
        service.list(SnapshotFilter.ALL).stream()
            .collect(
                Collectors.toMap(
                    each -> each.time().truncatedTo(ChronoUnit.DAYS),
                    each -> each,
                    (one, other) -> one.time().isAfter(other.time()) ? one : other,
                    TreeMap::new));
    assertEquals(days, last.size());
    for (Snapshot each : last.values()) {
      assertEquals(
          MINUTES * HOURS - 1,
          ChronoUnit.MINUTES.between(each.time().truncatedTo(ChronoUnit.DAYS), each.time()));
      assertWhole(each);
    }
  }

  private void assertWhole(Snapshot snapshot) throws IOException {
    Map<String, byte[]> expected = MinuteSource.files(snapshot.time());
    Map<String, byte[]> read = new TreeMap<>();
    try (SnapshotReader reader = onlooker.open(snapshot);
        Cursor<Entry> all = reader.walk(EntryPath.of("log"), Integer.MAX_VALUE)) {
      for (Entry each = all.next(); each != null; each = all.next()) {
        if (each.type() == EntryType.FILE) {
          try (InputStream in = reader.open(each, ByteRange.ALL)) {
            read.put(each.path().toString(), in.readAllBytes());
          }
        }
      }
    }
    assertEquals(expected.keySet(), read.keySet());
    expected.forEach((path, content) -> assertArrayEquals(content, read.get(path), path));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "at most %d snapshots, %d objects outside data/ and %d packs; %d bytes in data/;"
            + " opened within %d ms",
        mostSnapshots,
        mostObjects,
        mostPacks,
        bytes(),
        longestOpening.toMillis());
  }

  private long bytes() {
    long bytes = 0;
    try (Cursor<ObjectInfo> all = target.list("data/")) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        bytes += each.size();
      }
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    onlooker.close();
    service.close();
  }
}
