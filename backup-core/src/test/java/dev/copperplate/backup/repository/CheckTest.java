package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a check reads, and what it says of what it finds. */
@Timeout(120)
class CheckTest {

  private static final Duration LONG = Duration.ofHours(1);

  @TempDir static Path shared;
  @TempDir Path own;

  private static Path sound;
  private static Path tree;
  private Path place;
  private Damage damage;

  @BeforeAll
  static void make() throws Exception {
    sound = shared.resolve("repository");
    tree = shared.toRealPath().resolve("tree");
    SmallRepository.make(sound, tree);
  }

  @BeforeEach
  void copy() throws Exception {
    place = StoredRepository.copy(sound, own.resolve("repository"));
    damage = new Damage(place);
  }

  @Test
  void findsNothingInASoundRepositoryAndCountsWhatThereIs() throws Exception {
    CheckReport report = SmallRepository.check(place, new CheckOptions.Data());
    assertEquals(List.of(), report.findings());
    assertEquals(3, report.snapshots());
    List<Path> packs = damage.files(ObjectKind.PACK);
    assertEquals(packs.size(), report.packs());
    assertEquals(packs.size(), report.packsRead());
    assertEquals(
        packs.stream().mapToLong(each -> each.toFile().length()).sum(), report.bytesRead());
  }

  @Test
  void aDamagedPieceIsNamedWithItsPackAndTheSnapshotsAndPathsThatHaveIt() throws Exception {
    Path pack = largestPack();
    // In whatever order its blobs are: only what lies below a/ is large enough for its middle.
    Damage.flip(pack, (int) Files.size(pack) / 2);
    CheckReport report = SmallRepository.check(place, new CheckOptions.Data());
    String key = place.relativize(pack).toString();
    Finding whole = only(report, key);
    assertEquals(Severity.ERROR, whole.severity());
    assertTrue(whole.message().contains("content does not match its name"), whole::toString);
    assertTrue(whole.message().matches(".*1 of its \\d+ blobs are damaged.*"), whole::toString);
    Finding piece = only(report, "data blob ");
    assertTrue(piece.message().contains(key), piece::toString);
    for (Snapshot each : snapshotsOfFiles()) {
      String path = SmallRepository.name(each) + ":" + tree + "/a/";
      assertTrue(piece.message().contains(path), () -> path + " in " + piece);
    }
    assertEquals(2, SmallRepository.bad(report.findings()).size(), report::toString);
  }

  @Test
  void aLostPackIsNamedWithAllThatSuffers() throws Exception {
    Path pack = largestPack();
    Damage.remove(pack);
    CheckReport report = SmallRepository.check(place, new CheckOptions.Structure());
    String key = place.relativize(pack).toString();
    assertTrue(only(report, key).message().contains("is gone"), report::toString);
    List<Finding> pieces =
        report.findings().stream().filter(each -> each.subject().startsWith("data blob")).toList();
    assertTrue(pieces.size() > 2, report::toString);
    assertTrue(pieces.toString().contains("/a/large"), report::toString);
    assertTrue(pieces.toString().contains("/a/b/text"), report::toString);
    pieces.forEach(each -> assertTrue(each.message().contains(key), each::toString));
  }

  @Test
  void aLostDirectoryIsNamedByItsPath() throws Exception {
    for (Path each : damage.files(ObjectKind.PACK)) {
      if (Files.size(each) < 20_000) {
        Damage.remove(each);
      }
    }
    CheckReport report = SmallRepository.check(place, new CheckOptions.Structure());
    List<Finding> lost =
        report.findings().stream()
            .filter(each -> each.subject().startsWith("directory blob "))
            .toList();
    assertEquals(3, lost.size(), report::toString);
    for (Finding each : lost) {
      assertTrue(each.message().matches(".*part of snapshot [0-9a-f]{8}:/(,.*)?"), each::toString);
    }
  }

  private static Finding only(CheckReport report, String subject) {
    List<Finding> found =
        report.findings().stream().filter(each -> each.subject().startsWith(subject)).toList();
    assertEquals(1, found.size(), report::toString);
    return found.get(0);
  }

  @Test
  void aPackThatNobodyNeedsIsMissedWithAWarning() throws Exception {
    StoredRepository stored = StoredRepository.at(place);
    for (Snapshot each : snapshotsOfFiles()) {
      stored.delete(ObjectKind.SNAPSHOT, each.id().hex());
    }
    Path pack = largestPack();
    Damage.remove(pack);
    CheckReport report = SmallRepository.check(place, new CheckOptions.Structure());
    assertTrue(report.sound(), report::toString);
    assertEquals(Severity.WARNING, only(report, place.relativize(pack).toString()).severity());
  }

  @Test
  void namesADependencyThatIsGone() throws Exception {
    StoredRepository stored = StoredRepository.at(place);
    String id = stored.ids(ObjectKind.SNAPSHOT).first();
    String changed =
        stored.rewrite(
            ObjectKind.SNAPSHOT,
            id,
            json -> json.replace("\"tags\":[", "\"tags\":[\"parent=long-gone\","));
    CheckReport report = SmallRepository.check(place, new CheckOptions.Structure());
    Finding finding = only(report, "snapshot " + changed.substring(0, 8));
    assertEquals(Severity.WARNING, finding.severity());
    assertTrue(finding.message().contains("depends on run long-gone"), finding::toString);
  }

  @Test
  void namesALockThatNobodyRenews() throws Exception {
    StoredRepository stored = StoredRepository.at(place);
    Instant then = Instant.now().minus(Duration.ofHours(2));
    String id = stored.write(new LockFile(then, true, "elsewhere", "me", 4711, 0, 0));
    CheckReport report = SmallRepository.check(place, new CheckOptions.Structure());
    assertEquals(Severity.INFO, only(report, "locks/" + id).severity());
    assertTrue(report.findings().toString().contains("elsewhere"), report::toString);
  }

  @Test
  void namesAKeyFileThatIsDamagedAndAConfigThatIs() throws Exception {
    try (BackupRepository repository = TestRepositories.open(place)) {
      Path key = damage.files(ObjectKind.KEY).get(0);
      Damage.flip(key, 100);
      Damage.flip(place.resolve("config"), 30);
      CheckReport report = repository.check(new CheckOptions.Structure());
      assertEquals(Severity.ERROR, only(report, "keys/" + key.getFileName()).severity());
      assertEquals(Severity.ERROR, only(report, "config").severity());
    }
  }

  @Test
  void readsAnewWhatTheProcessHasInMemory() throws Exception {
    try (BackupRepository repository = TestRepositories.open(place)) {
      assertTrue(repository.check(new CheckOptions.Structure()).sound());
      Path index = damage.files(ObjectKind.INDEX).get(0);
      Damage.flip(index, 50);
      Damage.truncate(damage.files(ObjectKind.SNAPSHOT).get(0), 10);
      CheckReport report = repository.check(new CheckOptions.Structure());
      assertFalse(report.sound());
      only(report, "index/" + index.getFileName());
      only(report, "snapshots/");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void allSharesTogetherReadEveryPackOnce(int of) throws Exception {
    manyPacks();
    List<String> read = new ArrayList<>();
    for (int share = 1; share <= of; share++) {
      Reading target = new Reading(LocalTarget.at(place));
      try (BackupRepository repository =
          BackupRepository.open(target, TestRepositories.PASSWORDS)) {
        repository.check(new CheckOptions.Share(share, of));
      }
      read.addAll(target.packs());
    }
    assertEquals(allPacks(), new HashSet<>(read));
    assertEquals(allPacks().size(), read.size());
  }

  @Test
  void aPercentageReadsSoManyPacks() throws Exception {
    manyPacks();
    int all = allPacks().size();
    CheckReport some = SmallRepository.check(place, new CheckOptions.Percentage(30));
    assertEquals((int) Math.ceil(all * 0.3), some.packsRead());
    assertEquals(all, SmallRepository.check(place, new CheckOptions.Percentage(100)).packsRead());
  }

  @Test
  void aBudgetReadsWhatWasNotReadForLongestAndRemembersItAcrossProcesses() throws Exception {
    manyPacks();
    Set<String> all = allPacks();
    Map<String, Integer> read = new HashMap<>();
    Instant now = Instant.parse("2026-03-01T00:00:00Z");
    for (int round = 0; read.size() < all.size(); round++) {
      List<String> packs = budget(now.plus(Duration.ofDays(round)), 2_000_000, LONG);
      assertTrue(packs.size() >= 1 && packs.size() < all.size(), packs::toString);
      boolean allNew = Collections.disjoint(read.keySet(), packs);
      for (String each : packs) {
        read.put(each, round);
      }
      assertTrue(allNew || read.keySet().equals(all), () -> "Read before others were: " + packs);
    }
    // All were read: next is one that was not read for longest.
    List<String> again = budget(now.plus(Duration.ofDays(300)), 1, LONG);
    int oldest = Collections.min(read.values());
    again.forEach(each -> assertEquals(oldest, read.get(each), read::toString));
  }

  @Test
  void aBudgetOfNothingReadsNothing() throws Exception {
    assertEquals(List.of(), budget(Instant.now(), 0, LONG));
    assertEquals(List.of(), budget(Instant.now(), Long.MAX_VALUE, Duration.ZERO));
    assertFalse(Files.exists(place.resolve("copperplate/checks")));
  }

  @Test
  void manyRecordsOfChecksBecomeOne() throws Exception {
    manyPacks();
    Instant now = Instant.parse("2026-03-01T00:00:00Z");
    for (int i = 0; i < 21; i++) {
      budget(now.plus(Duration.ofHours(i)), 1, LONG);
    }
    try (var files = Files.walk(place.resolve("copperplate/checks"))) {
      assertEquals(1, files.filter(Files::isRegularFile).count());
    }
    Set<String> all = allPacks();
    Set<String> later = new HashSet<>();
    for (int i = 21; i < 21 + all.size(); i++) {
      later.addAll(budget(now.plus(Duration.ofHours(i)), 1, LONG));
    }
    assertEquals(all, later, "Each comes once in as many rounds as there are packs");
  }

  @Test
  void namesARecordThatWasAltered() throws Exception {
    SmallRepository.check(place, new CheckOptions.Data());
    Path record;
    try (var files = Files.walk(place.resolve("copperplate/checks"))) {
      record = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    Damage.flip(record, 40);
    CheckReport report = SmallRepository.check(place, new CheckOptions.Structure());
    assertEquals(Severity.WARNING, only(report, place.relativize(record).toString()).severity());
  }

  @Test
  void whatCannotBeNotedIsAWarning() throws Exception {
    BackupTarget readOnly =
        new DecoratedTarget(LocalTarget.at(place)) {
          @Override
          public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
            throw new BackupException(Kind.DENIED, "Put of " + key + " refused by the test", null);
          }
        };
    try (BackupRepository repository =
        BackupRepository.open(readOnly, TestRepositories.PASSWORDS)) {
      CheckReport report = repository.check(new CheckOptions.Data());
      assertTrue(report.sound(), report::toString);
      assertEquals(1, SmallRepository.bad(report.findings()).size(), report::toString);
      assertTrue(report.findings().toString().contains("could not be noted"), report::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void findsNothingInWhatResticMade(String version) throws Exception {
    Path foreign = own.resolve("foreign");
    for (Restic restic :
        List.of(
            Restic.stock().at(foreign, TestRepositories.PASSWORD),
            Restic.old().at(own.resolve("old"), TestRepositories.PASSWORD))) {
      restic.succeed("init", "--repository-version", version);
      restic.succeed("backup", tree.toString());
      restic.succeed("backup", tree.resolve("a").toString());
      restic.succeed("forget", "latest", "--prune");
    }
    for (Path each : List.of(foreign, own.resolve("old"))) {
      CheckReport report = SmallRepository.check(each, new CheckOptions.Data());
      assertEquals(List.of(), SmallRepository.bad(report.findings()));
      assertEquals(report.packs(), report.packsRead());
    }
  }

  @Test
  void tellsListenersHowFarItIs() throws Exception {
    List<Long> bytes = Collections.synchronizedList(new ArrayList<>());
    BackupListener listener =
        new BackupListener() {
          @Override
          public void progressed(Event event, Progress progress) {
            bytes.add(progress.bytes());
            assertTrue(progress.bytes() <= progress.expectedBytes() || progress.bytes() == 0);
          }
        };
    try (BackupRepository repository =
        BackupRepository.open(
            LocalTarget.at(place),
            TestRepositories.PASSWORDS,
            RepositoryOptions.DEFAULT.listener(listener))) {
      CheckReport report = repository.check(new CheckOptions.Data());
      assertEquals(report.bytesRead(), bytes.get(bytes.size() - 1));
    }
  }

  private List<String> budget(Instant now, long bytes, Duration time) throws Exception {
    Reading target = new Reading(LocalTarget.at(place));
    RepositoryOptions options = RepositoryOptions.DEFAULT.clock(() -> now);
    try (BackupRepository repository =
        BackupRepository.open(target, TestRepositories.PASSWORDS, options)) {
      CheckReport report = repository.check(new CheckOptions.Budget(bytes, time));
      assertEquals(List.of(), SmallRepository.bad(report.findings()));
      assertEquals(report.packsRead(), target.packs().size());
    }
    return target.packs();
  }

  private void manyPacks() throws Exception {
    try (BackupRepository repository = TestRepositories.open(place)) {
      for (int i = 0; i < 4; i++) {
        repository.backup(new GeneratedSource("g", 10 + i, 1, 1_000_000));
      }
    }
  }

  private Set<String> allPacks() throws Exception {
    Set<String> all = new HashSet<>();
    damage.files(ObjectKind.PACK).forEach(each -> all.add(place.relativize(each).toString()));
    return all;
  }

  private List<Snapshot> snapshotsOfFiles() throws Exception {
    try (BackupRepository repository = TestRepositories.open(place)) {
      return repository.list(SnapshotFilter.of(FilesSource.of(tree).id()));
    }
  }

  private Path largestPack() throws Exception {
    return damage.files(ObjectKind.PACK).stream()
        .max(Comparator.comparingLong(each -> each.toFile().length()))
        .orElseThrow();
  }

  /** Notes which packs are read as a whole. */
  private static final class Reading extends DecoratedTarget {

    private final List<String> packs = Collections.synchronizedList(new ArrayList<>());

    Reading(BackupTarget target) {
      super(target);
    }

    List<String> packs() {
      return List.copyOf(packs);
    }

    @Override
    public InputStream read(ObjectKey key, ByteRange range) throws IOException {
      if (key.value().startsWith("data/") && range.equals(ByteRange.ALL)) {
        packs.add(key.value());
      }
      return super.read(key, range);
    }
  }
}
