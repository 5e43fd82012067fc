package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine on stores that fail as real ones do. */
@Timeout(120)
class RepositoryOnHostileTargetsTest {

  private static final Passwords PASSWORDS = Passwords.of("hostile"::toCharArray);

  private static final MemoryTarget ORIGINAL = new MemoryTarget();
  private static RunId first;

  private final MemoryTarget store = copy();
  private final HostileTarget target = HostileTarget.over(store);

  @BeforeAll
  static void storeOneSnapshot() throws Exception {
    try (BackupRepository repository =
        BackupRepository.create(ORIGINAL, PASSWORDS, RepositoryOptions.DEFAULT)) {
      first = repository.backup(source(1)).snapshot().run();
    }
  }

  /** A repository with one snapshot. */
  private static MemoryTarget copy() {
    try {
      MemoryTarget copy = new MemoryTarget();
      for (ObjectKey key : ORIGINAL.keys("")) {
        try (InputStream in = ORIGINAL.read(key, ByteRange.ALL)) {
          copy.put(key, Content.of(in.readAllBytes()), PutOptions.DATA);
        }
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A few files; all but one of them are others for another number. */
  private static BackupSource source(int number) {
    return TreeSource.of("files", tree(number));
  }

  private static Tree tree(int number) {
    Tree tree = Tree.EMPTY;
    for (int i = 0; i < 4; i++) {
      byte[] content = new byte[40_000];
      new Random(i == 0 ? 0 : 100L * number + i).nextBytes(content);
      tree = tree.with(EntryPath.of("directory/" + i), Tree.Item.file(Attributes.PLAIN, content));
    }
    return tree;
  }

  private static BackupRepository open(BackupTarget target) throws IOException {
    return BackupRepository.open(target, PASSWORDS, RepositoryOptions.DEFAULT.threads(1));
  }

  private static Set<RunId> verified(BackupRepository repository) throws Exception {
    Set<RunId> runs = new HashSet<>();
    for (Snapshot snapshot : repository.list(SnapshotFilter.ALL)) {
      assertTrue(repository.verify(snapshot, Verifiers.checksums()).passed(), snapshot::toString);
      runs.add(snapshot.run());
    }
    return runs;
  }

  @Test
  void aBackupThatIsCutOffAtAnyCallHarmsNothingAndTheNextSucceeds() throws Exception {
    cuts(5);
  }

  @Test
  @Tag("slow")
  void aBackupThatIsCutOffAtEveryCallHarmsNothingAndTheNextSucceeds() throws Exception {
    cuts(1);
  }

  private static void cuts(int step) throws Exception {
    boolean failed = true;
    for (int calls = 0; failed; calls += step) {
      MemoryTarget place = copy();
      Set<RunId> promised = new HashSet<>(Set.of(first));
      failed = false;
      HostileTarget hostile = HostileTarget.over(place);
      try (BackupRepository repository = open(hostile)) {
        hostile.dieAfter(calls);
        promised.add(repository.backup(source(2)).snapshot().run());
      } catch (BackupException e) {
        assertEquals(Kind.DENIED, e.kind(), e::toString);
        failed = true;
      }
      try (BackupRepository next = open(place)) {
        assertTrue(verified(next).containsAll(promised), "lacks a promise after " + calls);
        promised.add(next.backup(source(3)).snapshot().run());
        assertTrue(verified(next).containsAll(promised), "lacks a promise after " + calls);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"locks/", "data/", "index/", "snapshots/"})
  void aLostAnswerIsAskedForAgainAndGivesOneSnapshot(String prefix) throws Exception {
    target.on(Calls.puts(prefix).nth(1), Fault.answerLost());
    try (BackupRepository repository = open(target)) {
      RunId second = repository.backup(source(2)).snapshot().run();
      assertEquals(Set.of(first, second), verified(repository));
      assertEquals(2, store.keys("snapshots/").size());
    }
  }

  @Test
  void aFlippedBitIsFoundAndNeverRead() throws Exception {
    try (BackupRepository repository = open(target)) {
      Snapshot snapshot = repository.list(SnapshotFilter.ALL).get(0);
      for (long bit : new long[] {3, 800, 100_001, 1_000_003}) {
        target.on(Calls.reads("data/"), Fault.flipsBit(bit));
        assertFalse(repository.verify(snapshot, Verifiers.checksums()).passed(), "bit " + bit);
        target.heal();
      }
      assertEquals(Set.of(first), verified(repository));
    }
  }

  @Test
  void whatEndsEarlyIsNotTakenForAll() throws Exception {
    try (BackupRepository repository = open(target)) {
      Snapshot snapshot = repository.list(SnapshotFilter.ALL).get(0);
      target.on(Calls.reads("data/"), Fault.truncates());
      assertFalse(repository.verify(snapshot, Verifiers.checksums()).passed());
      target.heal();
      assertEquals(Set.of(first), verified(repository));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 50_000})
  void aFullStoreIsToldAsOneAndHarmsNothing(long room) throws Exception {
    target.on(Calls.puts(""), Fault.full(room));
    try (BackupRepository repository = open(target)) {
      BackupException thrown =
          assertThrows(BackupException.class, () -> repository.backup(source(2)));
      assertEquals(Kind.FULL, thrown.kind());
      assertEquals(Set.of(first), verified(repository));
      target.heal();
      repository.backup(source(2));
      assertEquals(2, verified(repository).size());
    }
  }

  /** A run that does not find its own lock listed gives up, since somebody may have removed it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 40})
  void aStoreThatListsLateLosesNothing(long operations) throws Exception {
    LateListingTarget late = LateListingTarget.over(store, operations);
    Set<RunId> promised = new HashSet<>(Set.of(first));
    try (BackupRepository repository = open(late)) {
      for (int i = 2; i < 5; i++) {
        try {
          promised.add(repository.backup(source(i)).snapshot().run());
        } catch (BackupException e) {
          assertEquals(Kind.CONFLICT, e.kind(), e::toString);
        }
      }
      late.settle();
      assertEquals(promised, verified(repository));
    }
    try (BackupRepository settled = open(store);
        SnapshotReader reader = settled.open(settled.backup(source(5)).snapshot())) {
      assertEquals(tree(5), Tree.read(reader));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-400, 100_000})
  void aStoreWhoseClockIsOffAndJumpsTakesBackups(long minutes) throws Exception {
    SkewedTarget skewed = SkewedTarget.over(store, Duration.ofMinutes(minutes));
    try (BackupRepository repository = open(skewed)) {
      repository.backup(source(2));
      skewed.jump(Duration.ofMinutes(-2 * minutes));
      repository.backup(source(3));
      assertEquals(3, verified(repository).size());
    }
  }

  @Test
  void aStoreThatKeepsEverythingForAWeekTakesBackups() throws Exception {
    BackupTarget retaining =
        RetainingTarget.over(store, InstantSource.system(), Duration.ofDays(7));
    try (BackupRepository repository = open(retaining)) {
      repository.backup(source(2));
      repository.backup(source(3));
      assertEquals(3, verified(repository).size());
    }
  }

  @Test
  void whoStallsIsInterruptedAndLeavesNoSnapshot() throws Exception {
    Gate gate = Gate.before();
    target.on(Calls.puts("data/"), gate);
    try (BackupRepository repository = open(target)) {
      Thread backing = Thread.currentThread();
      Thread interrupting =
          new Thread(
              () -> {
                try {
                  gate.awaitHeld(1);
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                backing.interrupt();
              });
      interrupting.start();
      assertThrows(InterruptedException.class, () -> repository.backup(source(2)));
      interrupting.join();
      assertEquals(Set.of(first), verified(repository));
    }
  }
}
