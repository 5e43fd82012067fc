package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.testkit.ForwardingTarget;
import dev.copperplate.backup.testkit.MemoryTarget;
import dev.copperplate.backup.testkit.RetainingTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a store that retains. */
@Timeout(120)
class RetainedBackupsTest {

  private static final Duration DAY = Duration.ofDays(1);

  private RetentionModel model;
  private Requests requests;

  @BeforeEach
  void create() throws Exception {
    model =
        new RetentionModel(
            clock -> {
              requests = new Requests(RetainingTarget.over(new MemoryTarget(clock), clock));
              return requests;
            });
  }

  @AfterEach
  void close() throws Exception {
    model.close();
  }

  @Test
  void aSnapshotIsRetainedFromItsTimeOnWithAllThatItConsistsOf() throws Exception {
    Snapshot made = model.backup(1, false, BackupOptions.DEFAULT);
    Instant until = made.time().plus(RetentionModel.USUAL);
    for (ObjectInfo each : model.infos("")) {
      Optional<Instant> retained = each.retainedUntil();
      assertTrue(retained.isPresent() && !retained.get().isBefore(until), each::toString);
    }
    assertEquals(1, model.keys("config").size());
    assertEquals(1, model.keys("snapshots/").size());
  }

  @Test
  void locksAndLeasesAreNeverRetained() throws Exception {
    model.backup(1, false, BackupOptions.DEFAULT);
    model.backup(2, true, BackupOptions.DEFAULT);
    model.prune();
    assertTrue(requests.puts.keySet().stream().anyMatch(RetainedBackupsTest::isPassing));
    requests.puts.forEach(
        (key, options) ->
            assertTrue(
                options.retainUntil().isEmpty() || !isPassing(key),
                () -> key + " with " + options));
    assertEquals(List.of(), requests.retained.stream().filter(k -> isPassing(k)).toList());
    assertEquals(List.of(), model.keys("locks/"));
    assertEquals(List.of(), model.keys("copperplate/leases/"));
  }

  private static boolean isPassing(ObjectKey key) {
    return key.value().startsWith("locks/") || key.value().startsWith("copperplate/leases/");
  }

  @Test
  void recordsAreRetained() throws Exception {
    Snapshot made = model.backup(1, false, BackupOptions.DEFAULT);
    model.repository().hold(made, "the auditors want it");
    ObjectInfo hold = model.infos("copperplate/holds/").get(0);
    assertFalse(
        hold.retainedUntil().orElseThrow().isBefore(model.now().plus(RetentionModel.USUAL)));
  }

  @Test
  void whatIsReusedIsRetainedBeforeTheSnapshotIsStored() throws Exception {
    model.backup(1, false, BackupOptions.DEFAULT);
    List<ObjectKey> old = new ArrayList<>(model.keys("data/"));
    old.addAll(model.keys("index/"));
    model.pass(DAY.multipliedBy(10));
    requests.forget();
    Snapshot second = model.backup(1, false, BackupOptions.DEFAULT);
    Instant until = second.time().plus(RetentionModel.USUAL);
    int reused = 0;
    for (ObjectInfo each : model.infos("")) {
      if (old.contains(each.key()) && !each.retainedUntil().orElseThrow().isBefore(until)) {
        reused++;
      }
    }
    assertTrue(reused >= 2, () -> "reused of " + old);
    assertTrue(
        requests.snapshotLast, "a snapshot was stored before what it relies on was retained");
  }

  @Test
  void aSnapshotDoesNotOutliveWhatItDependsOn() throws Exception {
    model.backup(1, false, BackupOptions.DEFAULT);
    model.pass(DAY.multipliedBy(19));
    // Shares nothing with the first, and needs it.
    model.backup(Map.of("other", new byte[5000]), true, BackupOptions.DEFAULT);
    model.pass(DAY.multipliedBy(19));
    model.deleteAll("");
    model.requireKept();
  }

  @Test
  void oneBackupIsRetainedLongerAndAnotherNotAtAll() throws Exception {
    Snapshot loose = model.backup(1, false, BackupOptions.DEFAULT.withoutRetention());
    assertEquals(Optional.empty(), retainedUntil(loose));
    Snapshot kept = model.backup(2, false, BackupOptions.DEFAULT.retainFor(DAY.multipliedBy(300)));
    assertTrue(retainedUntil(kept).orElseThrow().isAfter(model.now().plus(DAY.multipliedBy(299))));
  }

  private Optional<Instant> retainedUntil(Snapshot snapshot) throws IOException {
    return model.infos("snapshots/" + snapshot.id().hex()).get(0).retainedUntil();
  }

  @Test
  void untilAQuarterOfItHasPassedNothingIsAskedForTwice() throws Exception {
    requests.silent = true;
    model.backup(1, false, BackupOptions.DEFAULT);
    model.pass(Duration.ofHours(1));
    model.backup(1, false, BackupOptions.DEFAULT);
    assertFalse(requests.retained.isEmpty());
    requests.forget();
    for (int hour = 0; hour < 24; hour++) {
      model.pass(Duration.ofHours(1));
      model.backup(Map.of("same", new byte[5000]), true, BackupOptions.DEFAULT.tags(tags(hour)));
    }
    // What the first of these stored was extended once, and nothing else again.
    Map<ObjectKey, Integer> times = new HashMap<>();
    requests.retained.forEach(each -> times.merge(each, 1, Integer::sum));
    times.forEach((key, count) -> assertEquals(1, count, key::toString));
    assertTrue(requests.retained.stream().noneMatch(k -> k.value().startsWith("config")));
  }

  private static Set<String> tags(int number) {
    return Set.of("hour-" + number);
  }

  @Test
  void aStoreThatCannotRetainIsRefusedBeforeAnythingIsWritten() throws Exception {
    RepositoryOptions asking = model.options();
    MemoryTarget plain = new MemoryTarget();
    refused(() -> BackupRepository.create(plain, TestRepositories.PASSWORDS, asking));
    assertEquals(List.of(), plain.keys(""));
    try (BackupRepository made = TestRepositories.create(plain, RepositoryOptions.DEFAULT)) {
      List<ObjectKey> before = plain.keys("");
      ModelSource source = new ModelSource(RetentionModel.SYSTEM, Map.of("a", new byte[9]), false);
      refused(() -> made.backup(source, BackupOptions.DEFAULT.retainFor(DAY)));
      try (BackupRepository opened = TestRepositories.openWithoutRivals(plain, asking)) {
        refused(() -> opened.backup(source));
        refused(() -> model.repository().copyTo(opened, CopyOptions.DEFAULT));
        refused(() -> opened.keys().add(Passwords.of("other"::toCharArray)));
        assertEquals(before, plain.keys(""));
        opened.backup(source, BackupOptions.DEFAULT.withoutRetention());
      }
    }
  }

  private static void refused(Executable deed) {
    BackupException refused = assertThrows(BackupException.class, deed);
    assertEquals(Kind.UNSUPPORTED, refused.kind());
    assertTrue(refused.getMessage().contains("object lock"), refused::getMessage);
  }

  @Test
  void aCopyIsRetainedAsTheReplicaSays() throws Exception {
    model.backup(1, false, BackupOptions.DEFAULT);
    model.backup(2, true, BackupOptions.DEFAULT);
    InstantSource clock = model::now;
    RetainingTarget away = RetainingTarget.over(new MemoryTarget(clock), clock);
    RepositoryOptions longer = model.options().retainFor(DAY.multipliedBy(100));
    try (BackupRepository replica = TestRepositories.createWithoutRivals(away, longer)) {
      model.repository().copyTo(replica, CopyOptions.DEFAULT);
      model.pass(DAY.multipliedBy(99));
      away.delete(keys(away));
      assertEquals(2, replica.list(SnapshotFilter.ALL).size());
      assertTrue(replica.check(new CheckOptions.Data()).sound());
    }
  }

  private static List<ObjectKey> keys(BackupTarget target) throws IOException {
    List<ObjectKey> keys = new ArrayList<>();
    try (Cursor<ObjectInfo> all = target.list("")) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        keys.add(each.key());
      }
    }
    return keys;
  }

  @Test
  void aPasswordThatIsRetainedStays() throws Exception {
    KeyRing keys = model.repository().keys();
    String added = keys.add(Passwords.of("other"::toCharArray));
    BackupException refused = assertThrows(BackupException.class, () -> keys.remove(added));
    assertEquals(Kind.RETAINED, refused.kind());
    model.pass(RetentionModel.USUAL.plus(DAY));
    keys.remove(added);
    assertFalse(keys.ids().contains(added));
  }

  @Test
  void pruneLeavesWhatIsRetainedAndSaysHowMuchThatIs() throws Exception {
    model.backup(1, false, BackupOptions.DEFAULT);
    model.pass(DAY);
    model.backup(Map.of("other", new byte[5000]), false, BackupOptions.DEFAULT);
    List<ObjectKey> packs = model.keys("data/");
    model.thinOut();
    PruneReport early = model.prune();
    assertTrue(model.keys("data/").containsAll(packs));
    assertEquals(0, early.packsRemoved());
    // What both snapshots have in common was extended by more than it had to be.
    model.pass(RetentionModel.USUAL.plusDays(10));
    model.thinOut();
    assertTrue(model.prune().packsRemoved() > 0);
    model.requireKept();
  }

  @Test
  void whereListingsDoNotTellPruneAsksForTheIndexFilesAndLeavesThemAlone() throws Exception {
    try (RetentionModel silent = new RetentionModel(clock -> new Attacker(clock).store())) {
      silent.backup(1, false, BackupOptions.DEFAULT);
      silent.pass(DAY);
      silent.backup(Map.of("other", new byte[5000]), false, BackupOptions.DEFAULT);
      silent.thinOut();
      List<ObjectKey> before = new ArrayList<>(silent.keys("data/"));
      before.addAll(silent.keys("index/"));
      PruneReport report = silent.prune();
      assertEquals(0, report.packsRepacked() + report.packsRemoved(), report::toString);
      List<ObjectKey> after = new ArrayList<>(silent.keys("data/"));
      after.addAll(silent.keys("index/"));
      assertEquals(before, after);
    }
  }

  @Test
  void whatSomebodyPutOverAPackIsNotLockedInItsPlace() throws Exception {
    Attacker[] attacker = new Attacker[1];
    try (RetentionModel silent =
        new RetentionModel(
            clock -> {
              attacker[0] = new Attacker(clock);
              return attacker[0].store();
            })) {
      silent.backup(1, false, BackupOptions.DEFAULT);
      silent.pass(DAY.multipliedBy(10));
      for (ObjectKey each : silent.keys("")) {
        silent.store().put(each, Content.of(new byte[77]), PutOptions.DATA);
      }
      silent.reopen();
      silent.backup(1, false, BackupOptions.DEFAULT);
      silent.pass(DAY.multipliedBy(19));
      attacker[0].attack(1);
      attacker[0].attack(2);
      silent.requireKept();
    }
  }

  @Test
  void stockResticReadsWhatIsRetained(@TempDir Path directory) throws Exception {
    model.backup(1, false, BackupOptions.DEFAULT);
    model.pass(DAY);
    model.backup(2, true, BackupOptions.DEFAULT);
    model.prune();
    Path copy = directory.resolve("repository");
    try (BackupTarget local = LocalTarget.at(copy)) {
      for (ObjectKey each : model.keys("")) {
        try (InputStream in = model.store().read(each, ByteRange.ALL)) {
          local.put(each, Content.of(in.readAllBytes()), PutOptions.DATA);
        }
      }
    }
    Restic restic = Restic.stock().at(copy, TestRepositories.PASSWORD);
    Restic.Result checked = restic.run("check", "--read-data");
    assertEquals(0, checked.exitCode(), checked::toString);
    assertEquals("", checked.err(), checked::toString);
    Restic.Result restored =
        restic.run("restore", "latest", "--verify", "--target", "" + directory);
    assertEquals(0, restored.exitCode(), restored::toString);
  }

  /** Sees what is asked of the store. */
  private static final class Requests extends ForwardingTarget {

    private final Map<ObjectKey, PutOptions> puts = new TreeMap<>(RetainedBackupsTest::compare);
    private final List<ObjectKey> retained = new ArrayList<>();
    private boolean snapshotStored;
    private boolean snapshotLast = true;
    private volatile boolean silent;

    Requests(BackupTarget target) {
      super(target);
    }

    synchronized void forget() {
      puts.clear();
      retained.clear();
      snapshotStored = false;
    }

    @Override
    public synchronized void put(ObjectKey key, Content content, PutOptions options)
        throws IOException {
      puts.put(key, options);
      snapshotStored |= key.value().startsWith("snapshots/");
      super.put(key, content, options);
    }

    @Override
    public synchronized void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
      retained.addAll(keys);
      snapshotLast &= !snapshotStored;
      super.retain(keys, until);
    }

    /** As stores list that do not tell. */
    @Override
    public Cursor<ObjectInfo> list(String prefix) throws IOException {
      Cursor<ObjectInfo> all = super.list(prefix);
      return new Cursor<>() {
        @Override
        public @Nullable ObjectInfo next() throws IOException {
          ObjectInfo info = all.next();
          return info == null || !silent
              ? info
              : new ObjectInfo(info.key(), info.size(), info.modified(), Optional.empty());
        }

        @Override
        public void close() throws IOException {
          all.close();
        }
      };
    }
  }

  private static int compare(ObjectKey one, ObjectKey other) {
    return one.value().compareTo(other.value());
  }
}
