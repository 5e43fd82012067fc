package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.retention.RetentionPolicies;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A repository in a store that retains, what was promised of its snapshots, and somebody who may
 * delete whatever the store lets him. Time passes only when it is told to.
 */
final class RetentionModel implements AutoCloseable {

  static final SourceId SYSTEM = new SourceId("model", "one");
  static final Duration USUAL = Duration.ofDays(20);

  private record Promise(Map<String, byte[]> files, List<RunId> dependencies, Instant until) {}

  private final BackupTarget store;
  private final RepositoryOptions options;
  private final Map<RunId, Promise> promises = new HashMap<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private BackupRepository repository;
  private int number;

  /**
   * @param store makes a store that retains by a clock
   */
  RetentionModel(Function<InstantSource, BackupTarget> store) throws IOException {
    this.store = store.apply(() -> now);
    this.options = RepositoryOptions.DEFAULT.threads(1).retainFor(USUAL).clock(() -> now);
    this.repository = TestRepositories.createWithoutRivals(this.store, options);
  }

  BackupTarget store() {
    return store;
  }

  BackupRepository repository() {
    return repository;
  }

  RepositoryOptions options() {
    return options;
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  Instant now() {
    return now;
  }

  /** Another process goes on. */
  void reopen() throws IOException {
    repository.close();
    repository = TestRepositories.openWithoutRivals(store, options);
  }

  Snapshot backup(long seed, boolean chained, BackupOptions how) throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    Random random = new Random(seed);
    number++;
    files.put("number", (number + " ".repeat(number)).getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 4; i++) {
      byte[] content = new byte[3000 + 1000 * random.nextInt(8)];
      new Random(content.length).nextBytes(content);
      files.put("directory/" + i, content);
    }
    return backup(files, chained, how);
  }

  Snapshot backup(Map<String, byte[]> files, boolean chained, BackupOptions how) throws Exception {
    Snapshot made = repository.backup(new ModelSource(SYSTEM, files, chained), how).snapshot();
    Duration asked = how.retainFor().orElse(USUAL);
    // One that could not retain what it depends on says so.
    List<RunId> dependencies =
        made.state() == SnapshotState.COMPLETE ? made.dependencies() : List.of();
    promises.put(made.run(), new Promise(files, dependencies, made.time().plus(asked)));
    return made;
  }

  void thinOut() throws Exception {
    repository.expire(repository.plan(RetentionPolicies.last(1)));
  }

  PruneReport prune() throws Exception {
    return repository.prune(PruneOptions.DEFAULT.maxUnused(0).emptying(true));
  }

  /** Deletes below a prefix whatever the store lets go. */
  void deleteAll(String prefix) throws IOException {
    store.delete(infos(prefix).stream().map(ObjectInfo::key).toList());
  }

  List<ObjectInfo> infos(String prefix) throws IOException {
    List<ObjectInfo> infos = new ArrayList<>();
    try (Cursor<ObjectInfo> all = store.list(prefix)) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        infos.add(each);
      }
    }
    return infos;
  }

  /** Whether anything was promised that still holds. */
  boolean promises() {
    return promises.values().stream().anyMatch(each -> now.isBefore(each.until()));
  }

  /** Looks, as a new process, whether all is there whose retention has not ended. */
  void requireKept() throws IOException {
    try (BackupRepository fresh = TestRepositories.openWithoutRivals(store, options)) {
      for (Map.Entry<RunId, Promise> each : promises.entrySet()) {
        if (now.isBefore(each.getValue().until())) {
          requireChain(fresh, each.getKey());
        }
      }
    }
  }

  private void requireChain(BackupRepository fresh, RunId run) throws IOException {
    List<Snapshot> found = fresh.list(SnapshotFilter.of(run));
    assertEquals(1, found.size(), () -> "run " + run + " at " + now);
    Promise promise = promises.get(run);
    try (SnapshotReader reader = fresh.open(found.get(0))) {
      for (Map.Entry<String, byte[]> each : promise.files().entrySet()) {
        Entry entry = reader.entry(EntryPath.of(each.getKey())).orElseThrow();
        try (InputStream in = reader.open(entry, ByteRange.ALL)) {
          assertArrayEquals(each.getValue(), in.readAllBytes(), each.getKey());
        }
      }
    }
    for (RunId each : promise.dependencies()) {
      requireChain(fresh, each);
    }
  }

  List<ObjectKey> keys(String prefix) throws IOException {
    return infos(prefix).stream().map(ObjectInfo::key).toList();
  }

  @Override
  public void close() throws IOException {
    repository.close();
  }
}
