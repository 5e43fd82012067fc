package dev.copperplate.backup.repository;

import static dev.copperplate.backup.repository.Forgotten.forget;
import static dev.copperplate.backup.repository.Forgotten.two;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Files;
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
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A prune of what is damaged, contradicts itself, or cannot be removed. */
@Timeout(120)
class PruneBadInputTest {

  private static final int SIZE = 1_500_000;
  private static final PruneOptions ALL = PruneOptions.DEFAULT.maxUnused(0);

  @TempDir Path directory;

  private Path place;
  private BackupRepository repository;
  private Damage damage;
  private StoredRepository stored;
  private Snapshot first;
  private Snapshot second;

  @BeforeEach
  void create() throws Exception {
    place = directory.resolve("repository");
    repository = TestRepositories.create(place);
    damage = new Damage(place);
    stored = StoredRepository.at(place);
    first = repository.backup(two("a", 1, 2, SIZE)).snapshot();
    second = repository.backup(two("b", 2, 3, SIZE)).snapshot();
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
  }

  @Test
  void aTargetThatRefusesDeletesLosesNothingAndIsNamed() throws Exception {
    forget(place, first);
    Set<Path> before = Set.copyOf(packs());
    BackupTarget refusing = new Refusing(LocalTarget.at(place), Kind.DENIED);
    for (int i = 0; i < 2; i++) {
      try (BackupRepository refused = BackupRepository.open(refusing, TestRepositories.PASSWORDS)) {
        PruneReport report = refused.prune(ALL);
        assertFalse(report.complete());
        assertEquals(0, report.packsRemoved() + report.bytesFreed(), report::toString);
        Finding finding = report.findings().get(0);
        assertEquals(Severity.WARNING, finding.severity());
        assertTrue(finding.message().contains("not let go by the store"), finding::toString);
      }
      assertTrue(packs().containsAll(before));
      requireSound();
    }
    assertEquals(0, repository.prune(ALL).bytesRepacked());
    requireNothingToSay();
  }

  @Test
  void aTargetThatDoesNotTellWhatItRetainsIsNotBlamedForIt() throws Exception {
    forget(place, first);
    BackupTarget refusing = new Refusing(LocalTarget.at(place), Kind.RETAINED);
    try (BackupRepository refused = BackupRepository.open(refusing, TestRepositories.PASSWORDS)) {
      PruneReport report = refused.prune(ALL);
      assertTrue(report.complete(), report::toString);
      assertTrue(report.findings().stream().allMatch(each -> each.severity() == Severity.INFO));
      assertEquals(0, report.packsRemoved());
    }
    requireSound();
  }

  @Test
  void whatTheStoreRetainsIsCountedAndLeftAlone() throws Exception {
    forget(place, first);
    List<Path> packs = packs();
    Set<String> retained = new TreeSet<>();
    packs.forEach(each -> retained.add(each.getFileName().toString()));
    Instant[] now = {Instant.now()};
    Retaining target = new Retaining(LocalTarget.at(place), now[0].plusSeconds(3600), retained);
    RepositoryOptions options = RepositoryOptions.DEFAULT.clock(() -> now[0]);
    try (BackupRepository own =
        BackupRepository.open(target, TestRepositories.PASSWORDS, options)) {
      PruneReport report = own.prune(ALL);
      assertTrue(report.complete(), report::toString);
      assertEquals(List.of(), report.findings());
      assertEquals(0, report.packsRemoved() + report.bytesRepacked() + report.bytesUnused());
      assertTrue(report.bytesRetained() > SIZE, report::toString);
      assertEquals(packs, packs());
      // Index files that are retained keep what they list, whether it is retained or not.
      retained.clear();
      damage.files(ObjectKind.INDEX).forEach(each -> retained.add(each.getFileName().toString()));
      assertEquals(0, own.prune(ALL).packsRemoved());
      requireNothingToSay();
      now[0] = now[0].plusSeconds(7200);
      assertTrue(own.prune(ALL).packsRemoved() > 0);
    }
    requireNothingToSay();
  }

  @Test
  void anIndexThatListsPacksThatAreGoneIsMadeAnewIfNobodyNeedsThem() throws Exception {
    Set<Path> before = Set.copyOf(packs());
    Snapshot third = repository.backup(two("c", 8, 9, SIZE)).snapshot();
    forget(place, third);
    for (Path each : packs()) {
      if (!before.contains(each)) {
        Files.delete(each);
      }
    }
    PruneReport report = repository.prune(ALL);
    assertTrue(report.complete(), report::toString);
    assertEquals(List.of(), report.findings());
    assertEquals(1, report.indexesMerged());
    requireNothingToSay();
  }

  @Test
  void anIndexThatListsPacksThatAreGoneAndNeededStaysAndIsNamed() throws Exception {
    Path gone = dataPacks().get(0);
    Files.delete(gone);
    PruneReport report = repository.prune(ALL);
    Finding finding = report.findings().get(0);
    assertEquals(Severity.ERROR, finding.severity());
    assertTrue(finding.message().contains("lie in packs that are gone"), finding::toString);
    assertTrue(indexes().contains(gone.getFileName().toString()), "What is lost can be named");
  }

  @Test
  void aPackInTwoIndexesIsInOneAfterwards() throws Exception {
    String id = stored.ids(ObjectKind.INDEX).first();
    String other = stored.write(ObjectKind.INDEX, stored.json(ObjectKind.INDEX, id));
    assertFalse(id.equals(other));
    PruneReport report = repository.prune(ALL);
    assertTrue(report.complete(), report::toString);
    assertEquals(List.of(), report.findings());
    assertTrue(report.indexesMerged() >= 2, report::toString);
    assertEquals(0, report.packsRemoved() + report.bytesRepacked());
    requireSound();
    requireNothingToSay();
  }

  @Test
  void aDamagedIndexStopsItAndIsNamed() throws Exception {
    forget(place, first);
    Path index = damage.files(ObjectKind.INDEX).get(0);
    Damage.flip(index, 40);
    try (BackupRepository own = TestRepositories.open(place)) {
      requireRefused(own, index.getFileName().toString());
    }
  }

  @Test
  void aSnapshotThatCannotBeReadStopsItAndIsNamed() throws Exception {
    forget(place, first);
    repository.backup(two("c", 1, 4, 1000));
    Path snapshot = place.resolve("snapshots").resolve(second.id().hex());
    Damage.flip(snapshot, 40);
    try (BackupRepository own = TestRepositories.open(place)) {
      requireRefused(own, second.id().hex());
    }
  }

  @Test
  void aDirectoryThatCannotBeReadStopsItAndNamesTheSnapshot() throws Exception {
    forget(place, first);
    for (Path each : packs()) {
      if (Files.size(each) < 10_000) {
        Damage.flip(each, 40);
      }
    }
    try (BackupRepository own = TestRepositories.open(place)) {
      requireRefused(own, second.id().shortHex());
    }
  }

  @Test
  void aDirectoryWhosePackIsGoneStopsIt() throws Exception {
    forget(place, first);
    for (Path each : packs()) {
      if (Files.size(each) < 10_000) {
        Files.delete(each);
      }
    }
    try (BackupRepository own = TestRepositories.open(place)) {
      requireRefused(own, "Nothing was removed");
    }
  }

  @Test
  void aPackWithADamagedPieceThatIsNeededStaysAndIsNamed() throws Exception {
    forget(place, first);
    Map<Path, byte[]> before = new HashMap<>();
    for (Path each : dataPacks()) {
      before.put(each, Files.readAllBytes(each));
      // In whatever order the pieces of the files are: each that is larger than this suffers.
      for (int at = 100; at < Files.size(each); at += 100_000) {
        Damage.flip(each, at);
      }
    }
    PruneReport report = repository.prune(ALL);
    assertFalse(report.complete());
    Finding finding = report.findings().get(0);
    assertEquals(Severity.ERROR, finding.severity());
    assertTrue(finding.subject().startsWith("pack "), finding::toString);
    assertTrue(finding.message().contains("It stays as it is"), finding::toString);
    for (Map.Entry<Path, byte[]> each : before.entrySet()) {
      assertTrue(Files.exists(each.getKey()), "It can still be healed");
      Files.delete(each.getKey());
      Files.write(each.getKey(), each.getValue());
    }
    PruneReport next = repository.prune(ALL);
    assertTrue(next.complete(), next::toString);
    requireSound();
    requireNothingToSay();
  }

  @Test
  void packsThatNoIndexListsStayWhileSomethingIsMissing() throws Exception {
    // Only what the second backup has added is listed nowhere, and another process is at work.
    forget(place, first);
    dropDataOfSecond();
    List<Path> before = packs();
    try (BackupRepository own = TestRepositories.open(place)) {
      PruneReport foretold = own.prune(ALL.dryRun(true));
      assertTrue(foretold.findings().get(0).message().contains("no index lists"));
      assertEquals(before, packs());
      // Alone, it takes the pack in again, and nothing is missing any more.
      assertTrue(own.prune(ALL).complete());
    }
    requireSound();
    requireNothingToSay();
  }

  @Test
  void whatWasMissingAndHasComeAgainMeanwhileStays() throws Exception {
    forget(place, first);
    Files.delete(place.resolve(ObjectKind.PACK.key(Sha256.parse(dropDataOfSecond())).value()));
    DecoratedTarget met =
        new DecoratedTarget(LocalTarget.at(place)) {
          @Override
          public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
            super.put(key, content, options);
            if (key.value().startsWith("copperplate/leases/pause/")) {
              storeAgain();
            }
          }
        };
    try (BackupRepository own = BackupRepository.open(met, TestRepositories.PASSWORDS)) {
      PruneReport report = own.prune(ALL);
      assertTrue(report.findings().get(0).message().contains("no index lists"), report::toString);
    }
    requireSound();
  }

  /** By a backup whose snapshot is gone at once. */
  private void storeAgain() throws IOException {
    try (BackupRepository own = TestRepositories.open(place)) {
      BackupOptions hurried = BackupOptions.DEFAULT.lockWait(Duration.ofMillis(100));
      forget(place, own.backup(two("again", 3, 4, SIZE), hurried).snapshot());
    } catch (InterruptedException ended) {
      throw new IOException(ended);
    }
  }

  /** Lists what only the second backup has stored no more; returns the id of its pack. */
  private String dropDataOfSecond() throws IOException {
    for (String each : stored.ids(ObjectKind.INDEX)) {
      String json = stored.json(ObjectKind.INDEX, each);
      Matcher data =
          Pattern.compile("\\{\"id\":\"([0-9a-f]+)\",\"blobs\":\\[[^\\]]*data[^\\]]*\\]\\},?")
              .matcher(json);
      if (!json.contains(treeOf(first)) && data.find()) {
        String pack = data.group(1);
        stored.write(ObjectKind.INDEX, data.replaceFirst("").replace(",]}", "]}"));
        stored.delete(ObjectKind.INDEX, each);
        return pack;
      }
    }
    throw new IllegalStateException("No index lists it");
  }

  @Test
  void removesNothingMoreOnceItsLockWasTakenAway() throws Exception {
    forget(place, first);
    Set<Path> before = Set.copyOf(packs());
    DecoratedTarget robbed =
        new DecoratedTarget(LocalTarget.at(place)) {
          @Override
          public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys)
              throws IOException {
            if (keys.stream().anyMatch(each -> each.value().startsWith("index/"))) {
              for (Path each : damage.files(ObjectKind.LOCK)) {
                Files.delete(each);
              }
            }
            return super.delete(keys);
          }
        };
    try (BackupRepository own = BackupRepository.open(robbed, TestRepositories.PASSWORDS)) {
      BackupException lost = assertThrows(BackupException.class, () -> own.prune(ALL));
      assertEquals(Kind.CONFLICT, lost.kind());
    }
    assertTrue(packs().containsAll(before), "No pack went");
    requireSound();
    assertEquals(0, repository.prune(ALL).bytesRepacked());
    requireNothingToSay();
  }

  @Test
  void aWriterWhoseClockHasJumpedDoesNotTakeTheLockOfAPruneAway() throws Exception {
    forget(place, first);
    List<Kind> refused = new ArrayList<>();
    InstantSource jumped = () -> Instant.now().plus(Duration.ofHours(2));
    DecoratedTarget met =
        new DecoratedTarget(LocalTarget.at(place)) {
          @Override
          public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys)
              throws IOException {
            if (keys.stream().anyMatch(each -> each.value().startsWith("data/"))) {
              refused.add(writeBy(jumped));
            }
            return super.delete(keys);
          }
        };
    try (BackupRepository own = BackupRepository.open(met, TestRepositories.PASSWORDS)) {
      assertTrue(own.prune(ALL).complete());
    }
    assertEquals(List.of(Kind.LOCKED), refused);
    requireSound();
    requireNothingToSay();
  }

  @Test
  void aPruneWhoseClockJumpsDoesNotTakeTheLockOfAWriterAway() throws Exception {
    forget(place, first);
    Duration[] jump = {Duration.ZERO};
    RepositoryOptions options = RepositoryOptions.DEFAULT.clock(() -> Instant.now().plus(jump[0]));
    try (BackupRepository own =
        BackupRepository.open(LocalTarget.at(place), TestRepositories.PASSWORDS, options)) {
      repository.backup(
          new PausingSource(
              two("c", 2, 5, SIZE),
              (writer, context) -> {
                jump[0] = Duration.ofHours(2);
                PruneReport given = own.prune(ALL.lockWait(Duration.ofMillis(500)));
                assertFalse(given.complete());
                assertEquals(0, given.packsRemoved());
              }));
      assertTrue(own.prune(ALL).complete());
    }
    requireSound();
    requireNothingToSay();
  }

  /** How a backup fails by another clock. */
  private Kind writeBy(InstantSource clock) {
    RepositoryOptions options = RepositoryOptions.DEFAULT.clock(clock);
    try (BackupRepository own =
        BackupRepository.open(LocalTarget.at(place), TestRepositories.PASSWORDS, options)) {
      BackupOptions hurried = BackupOptions.DEFAULT.lockWait(Duration.ofMillis(300));
      return assertThrows(BackupException.class, () -> own.backup(two("c", 1, 2, 1000), hurried))
          .kind();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private String treeOf(Snapshot snapshot) {
    return snapshot.content().hex();
  }

  private void requireRefused(BackupRepository pruned, String named) throws Exception {
    List<Path> before = packs();
    BackupException refused = assertThrows(BackupException.class, () -> pruned.prune(ALL));
    assertEquals(Kind.DAMAGED, refused.kind());
    assertTrue(refused.getMessage().contains("Nothing was removed"), refused.getMessage());
    assertTrue(refused.getMessage().contains(named), refused.getMessage());
    assertEquals(before, packs());
    assertEquals(List.of(), damage.files(ObjectKind.LOCK));
  }

  private void requireSound() throws Exception {
    try (BackupRepository own = TestRepositories.open(place)) {
      for (Snapshot each : own.list(SnapshotFilter.ALL)) {
        assertTrue(own.verify(each, Verifiers.checksums()).passed());
      }
    }
    Restic.Result check =
        Restic.stock()
            .at(place, TestRepositories.PASSWORD)
            .run("check", "--no-lock", "--read-data");
    assertEquals(0, check.exitCode(), check::toString);
  }

  private void requireNothingToSay() throws Exception {
    WrittenRepositoryTest.assertClean(Restic.stock().at(place, TestRepositories.PASSWORD));
  }

  private List<Path> packs() throws IOException {
    return damage.files(ObjectKind.PACK);
  }

  private List<Path> dataPacks() throws IOException {
    List<Path> large = new ArrayList<>();
    for (Path each : packs()) {
      if (Files.size(each) > 10_000) {
        large.add(each);
      }
    }
    return large;
  }

  private String indexes() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String each : stored.ids(ObjectKind.INDEX)) {
      all.append(stored.json(ObjectKind.INDEX, each));
    }
    return all.toString();
  }

  /** Lets go of locks and records alone. */
  private static final class Refusing extends DecoratedTarget {

    private final Kind kind;

    Refusing(BackupTarget target, Kind kind) {
      super(target);
      this.kind = kind;
    }

    @Override
    public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
      Map<ObjectKey, BackupException> left = new HashMap<>();
      Predicate<ObjectKey> mayGo =
          key -> key.value().startsWith("locks/") || key.value().startsWith("copperplate/");
      for (ObjectKey key : keys) {
        if (!mayGo.test(key)) {
          left.put(key, new BackupException(kind, key + " may not be deleted"));
        }
      }
      left.putAll(super.delete(keys.stream().filter(mayGo).toList()));
      return left;
    }
  }

  /** Tells of some objects that they are retained, and refuses to delete them. */
  private static final class Retaining extends DecoratedTarget {

    private final Instant until;
    private final Set<String> names;

    Retaining(BackupTarget target, Instant until, Set<String> names) {
      super(target);
      this.until = until;
      this.names = names;
    }

    private boolean isRetained(ObjectKey key) {
      return names.contains(key.value().substring(key.value().lastIndexOf('/') + 1));
    }

    @Override
    public Cursor<ObjectInfo> list(String prefix) throws IOException {
      List<ObjectInfo> all = new ArrayList<>();
      try (Cursor<ObjectInfo> listed = super.list(prefix)) {
        for (ObjectInfo each = listed.next(); each != null; each = listed.next()) {
          Optional<Instant> retained =
              isRetained(each.key()) ? Optional.of(until) : Optional.empty();
          all.add(new ObjectInfo(each.key(), each.size(), each.modified(), retained));
        }
      }
      return Cursor.of(all);
    }
  }
}
