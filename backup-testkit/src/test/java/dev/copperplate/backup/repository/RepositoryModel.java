package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A repository, a replica of it, and what must be in both whatever happens: each snapshot that is
 * listed gives back what its source held, and none is gone that nobody removed. Thread-safe.
 */
final class RepositoryModel {

  /** What an actor may do. */
  enum Operation {
    BACKUP,
    CHAINED_BACKUP,
    EXPIRE,
    PRUNE,
    COPY,
    VERIFY,
    HOLD,
    RELEASE,
    CHECK,
    REPAIR
  }

  /** What may go wrong for an actor although nothing is wrong with the repository. */
  private static final Set<Kind> EXPECTED = Set.of(Kind.LOCKED, Kind.CONFLICT, Kind.NOT_FOUND);

  private static final Duration PATIENCE = Duration.ofMillis(200);
  private static final String NUMBER = "number";
  private static final String LEASES = "copperplate/leases/";

  private BackupTarget home;
  private BackupTarget away;
  private final AtomicInteger number = new AtomicInteger();
  private final Map<Integer, Map<String, byte[]>> contents = new ConcurrentHashMap<>();
  private final Set<RunId> mustBeHome = ConcurrentHashMap.newKeySet();
  private final Set<RunId> mustBeAway = ConcurrentHashMap.newKeySet();
  private final Set<ObjectKey> orphaned = new HashSet<>();
  private final Set<RunId> held = ConcurrentHashMap.newKeySet();

  RepositoryModel(BackupTarget home, BackupTarget away) throws IOException {
    this.home = home;
    this.away = away;
    try (BackupRepository made = TestRepositories.create(home, RepositoryOptions.DEFAULT)) {
      TestRepositories.createReplica(made, away).close();
    }
  }

  BackupTarget home() {
    return home;
  }

  BackupTarget away() {
    return away;
  }

  /**
   * Does something with the repository, as one process would.
   *
   * @param seed decides what exactly
   */
  void act(Operation operation, int seed, BackupTarget homeSeen, BackupTarget awaySeen)
      throws IOException, InterruptedException {
    Random random = new Random(seed);
    try (BackupRepository repository = open(homeSeen)) {
      switch (operation) {
        case BACKUP -> backup(repository, random, false);
        case CHAINED_BACKUP -> backup(repository, random, true);
        case EXPIRE -> expire(repository, random);
        case PRUNE ->
            repository.prune(PruneOptions.DEFAULT.maxUnused(0).emptying(true).lockWait(PATIENCE));
        case COPY -> {
          try (BackupRepository replica = open(awaySeen)) {
            copy(repository, replica);
          }
        }
        case VERIFY -> any(repository, random, each -> verify(repository, each));
        case HOLD -> any(repository, random, each -> hold(repository, each));
        case RELEASE -> any(repository, random, each -> release(repository, each));
        case CHECK -> requireSound(repository.check(new CheckOptions.Structure()));
        case REPAIR -> repository.repair(RepairOptions.DEFAULT.lockWait(PATIENCE));
      }
    } catch (BackupException refused) {
      if (!EXPECTED.contains(refused.kind())) {
        throw refused;
      }
    }
  }

  private static BackupRepository open(BackupTarget target) throws IOException {
    return TestRepositories.openWithoutRivals(target, RepositoryOptions.DEFAULT);
  }

  private void backup(BackupRepository repository, Random random, boolean chained)
      throws IOException, InterruptedException {
    int mine = number.incrementAndGet();
    Map<String, byte[]> files = new TreeMap<>();
    // As many spaces as the number says: no two have the same size.
    files.put(NUMBER, (mine + " ".repeat(mine)).getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 4; i++) {
      files.put("directory/" + i, content(random.nextInt(8)));
    }
    contents.put(mine, files);
    SourceId id = new SourceId("model", random.nextBoolean() ? "one" : "two");
    BackupReport report =
        repository.backup(
            new ModelSource(id, files, chained), BackupOptions.DEFAULT.lockWait(PATIENCE));
    mustBeHome.add(report.snapshot().run());
  }

  /** Each number stands for one content, and no two have the same size. */
  private static byte[] content(int which) {
    byte[] bytes = new byte[3000 + 1000 * which];
    new Random(which).nextBytes(bytes);
    return bytes;
  }

  private void expire(BackupRepository repository, Random random)
      throws IOException, InterruptedException {
    Set<RunId> wanted = Set.copyOf(held);
    RetentionPlan plan = repository.plan(newest(random.nextInt(3)));
    for (Snapshot each : plan.removed()) {
      // Released meanwhile, it may go.
      assertTrue(
          !wanted.contains(each.run()) || !held.contains(each.run()),
          () -> "held, and planned to go: " + each);
      mustBeHome.remove(each.run());
    }
    repository.expire(plan);
  }

  private static RetentionPolicy newest(int count) {
    return (snapshots, now) -> {
      List<Decision> decisions = new ArrayList<>();
      for (Snapshot each : snapshots) {
        boolean keep = decisions.size() < count;
        decisions.add(new Decision(each, keep, keep ? List.of("newest") : List.of(), Set.of()));
      }
      return decisions;
    };
  }

  private void copy(BackupRepository repository, BackupRepository replica)
      throws IOException, InterruptedException {
    CopyReport report = repository.copyTo(replica, CopyOptions.DEFAULT.lockWait(PATIENCE));
    report.copied().forEach(each -> mustBeAway.add(each.run()));
  }

  private interface Deed {
    void on(Snapshot snapshot) throws IOException, InterruptedException;
  }

  private static void any(BackupRepository repository, Random random, Deed deed)
      throws IOException, InterruptedException {
    List<Snapshot> all = repository.list(SnapshotFilter.ALL);
    if (!all.isEmpty()) {
      deed.on(all.get(random.nextInt(all.size())));
    }
  }

  private static void verify(BackupRepository repository, Snapshot snapshot)
      throws IOException, InterruptedException {
    Verification verification = repository.verify(snapshot, Verifiers.checksums());
    if (!verification.passed() && repository.list(SnapshotFilter.of(snapshot.run())).isEmpty()) {
      return; // Expired and pruned while it was read.
    }
    assertTrue(verification.passed(), verification::toString);
  }

  private void hold(BackupRepository repository, Snapshot snapshot) throws IOException {
    repository.hold(snapshot, "the model wants it");
    // It may have been planned to go before; only a plan made from now on must know.
    if (mustBeHome.contains(snapshot.run())) {
      held.add(snapshot.run());
    }
  }

  private void release(BackupRepository repository, Snapshot snapshot) throws IOException {
    held.remove(snapshot.run());
    repository.release(snapshot);
  }

  private static void requireSound(CheckReport report) {
    assertTrue(report.sound(), report::toString);
  }

  /**
   * Takes the locks of processes that have ended, which another machine would only do in time.
   * Their leases stay, and must hold nobody up.
   */
  void bury() throws IOException {
    for (BackupTarget each : List.of(home, away)) {
      each.delete(keys(each, "locks/"));
      orphaned.addAll(keys(each, LEASES));
    }
  }

  /** Goes on with what is left of the two stores after a power failure. */
  void moveTo(BackupTarget homeNow, BackupTarget awayNow) {
    home = homeNow;
    away = awayNow;
  }

  /** Whether anybody left a lock or a lease. */
  void requireNobodyThere() throws IOException {
    for (BackupTarget each : List.of(home, away)) {
      assertEquals(List.of(), keys(each, "locks/"));
      List<ObjectKey> leases = keys(each, LEASES);
      leases.removeAll(orphaned);
      assertEquals(List.of(), leases);
    }
  }

  private static List<ObjectKey> keys(BackupTarget target, String prefix) throws IOException {
    List<ObjectKey> keys = new ArrayList<>();
    try (Cursor<ObjectInfo> all = target.list(prefix)) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        keys.add(each.key());
      }
    }
    return keys;
  }

  /** Looks whether everything is there that must be, and is what it was. */
  void requireWhole() throws IOException, InterruptedException {
    requireWhole(home, mustBeHome);
    requireWhole(away, mustBeAway);
  }

  private void requireWhole(BackupTarget target, Set<RunId> wanted)
      throws IOException, InterruptedException {
    try (BackupRepository repository = open(target)) {
      List<Snapshot> listed = repository.list(SnapshotFilter.ALL);
      Set<RunId> runs = listed.stream().map(Snapshot::run).collect(Collectors.toSet());
      Set<RunId> lost = new HashSet<>(wanted);
      lost.removeAll(runs);
      assertEquals(Set.of(), lost, "lost from " + target.description());
      for (Snapshot each : listed) {
        assertEquals(SnapshotState.COMPLETE, each.state());
        assertTrue(runs.containsAll(each.dependencies()), () -> "without what it needs: " + each);
        requireContent(repository, each);
      }
    }
  }

  private void requireContent(BackupRepository repository, Snapshot snapshot) throws IOException {
    try (SnapshotReader reader = repository.open(snapshot)) {
      Map<String, byte[]> found = read(reader);
      int number = Integer.parseInt(new String(found.get(NUMBER), StandardCharsets.UTF_8).strip());
      Map<String, byte[]> wanted = contents.get(number);
      assertEquals(wanted.keySet(), found.keySet());
      wanted.forEach((path, bytes) -> assertArrayEquals(bytes, found.get(path), path));
    } catch (BackupException unreadable) {
      fail("A listed snapshot cannot be read: " + snapshot, unreadable);
    }
  }

  private static Map<String, byte[]> read(SnapshotReader reader) throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    try (Cursor<Entry> walk = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      for (Entry each = walk.next(); each != null; each = walk.next()) {
        String path = each.path().toString().substring(1);
        if (each.type() == EntryType.FILE && !path.startsWith(".backup/")) {
          try (InputStream in = reader.open(each, ByteRange.ALL)) {
            found.put(path, in.readAllBytes());
          }
        }
      }
    }
    return found;
  }

  /** Brings both in order, alone, and checks every byte. */
  void tidyUp() throws IOException, InterruptedException {
    for (BackupTarget each : List.of(home, away)) {
      try (BackupRepository repository = open(each)) {
        PruneReport pruned = repository.prune(PruneOptions.DEFAULT.maxUnused(0).emptying(true));
        assertTrue(pruned.complete(), pruned::toString);
        requireSound(repository.check(new CheckOptions.Data()));
      }
    }
  }
}
