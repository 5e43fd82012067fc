package dev.copperplate.backup.repository;

import static dev.copperplate.backup.repository.Forgotten.bytes;
import static dev.copperplate.backup.repository.Forgotten.forget;
import static dev.copperplate.backup.repository.Forgotten.two;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Content;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.PackHeader;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A prune of what indexes call copies, and what they leave out. */
@Timeout(120)
class PruneCopiesTest {

  private static final int SIZE = 100_000;
  private static final PruneOptions ALL = PruneOptions.DEFAULT.maxUnused(0);

  @TempDir Path directory;

  private Path place;
  private Damage damage;
  private StoredRepository stored;

  @BeforeEach
  void create() throws Exception {
    place = directory.resolve("repository");
    TestRepositories.create(place).close();
    damage = new Damage(place);
    stored = StoredRepository.at(place);
  }

  private Snapshot backUp(MapSource source) throws Exception {
    try (BackupRepository own = TestRepositories.open(place)) {
      return own.backup(source).snapshot();
    }
  }

  @Test
  void anIndexThatGivesBlobsNoLengthFreesNoPack() throws Exception {
    backUp(two("a", 1, 2, SIZE));
    String honest = stored.ids(ObjectKind.INDEX).first();
    String lie =
        stored.json(ObjectKind.INDEX, honest).replaceAll("\"length\":\\d+", "\"length\":0");
    // In which order index files are loaded is nobody's choice.
    for (int i = 0; i < 20; i++) {
      stored.write(ObjectKind.INDEX, lie);
    }
    List<Path> packs = damage.files(ObjectKind.PACK);
    try (BackupRepository own = TestRepositories.open(place)) {
      own.prune(ALL);
    }
    assertEquals(packs, damage.files(ObjectKind.PACK));
    requireSound();
  }

  @Test
  void aPackIsNoCopyOnlyBecauseAnIndexSaysSo() throws Exception {
    backUp(two("a", 1, 2, SIZE));
    backUp(two("b", 3, 4, SIZE));
    Sha256 lying = storeLyingPack(Sha256.hash(new byte[0]));
    PruneReport report;
    try (BackupRepository own = TestRepositories.open(place)) {
      report = own.prune(ALL);
    }
    requireSound();
    Finding finding = report.findings().get(0);
    assertEquals(Severity.WARNING, finding.severity());
    assertEquals("pack " + lying, finding.subject());
    assertTrue(finding.message().contains("is damaged"), finding::toString);
  }

  @Test
  void aPackThatIsCalledACopyBetweenTheTwoLooksIsNotBelievedEither() throws Exception {
    Snapshot first = backUp(two("a", 1, 2, SIZE));
    backUp(two("b", 2, 3, SIZE));
    forget(place, first);
    DecoratedTarget met =
        new DecoratedTarget(LocalTarget.at(place)) {
          @Override
          public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
            super.put(key, content, options);
            if (key.value().startsWith("copperplate/leases/pause/")) {
              storeLyingPack(Sha256.hash(bytes(1, SIZE)));
            }
          }
        };
    try (BackupRepository own = BackupRepository.open(met, TestRepositories.PASSWORDS)) {
      own.prune(ALL);
    }
    requireSound();
    try (BackupRepository own = TestRepositories.open(place)) {
      own.prune(ALL);
    }
    requireSound();
  }

  /** A pack of rubbish, and an index by which it holds every piece of a file that is needed. */
  private Sha256 storeLyingPack(Sha256 gone) throws IOException {
    StoredIndex index = new StoredIndex(stored.store());
    index.refresh();
    BlobIndex blobs = index.current();
    List<PackEntry> all = new ArrayList<>();
    for (int at = 0; at < blobs.size(); at++) {
      PackEntry blob = blobs.blobAt(at);
      if (blob.type() == BlobType.DATA && blobs.firstPlace(at) == at && !blob.id().equals(gone)) {
        all.add(blob);
      }
    }
    byte[] rubbish = bytes(7, (int) PackHeader.packSize(all));
    Sha256 id = Sha256.hash(rubbish);
    LocalTarget.at(place).put(ObjectKind.PACK.key(id), Content.of(rubbish), PutOptions.DATA);
    index.add(Map.of(id, all));
    return id;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void ofTwoCopiesTheOneThatIsDamagedIsNotTheOneThatStays(int damaged) throws Exception {
    backUp(two("a", 1, 2, SIZE));
    Path aside = Files.createDirectory(directory.resolve("aside"));
    Path index = damage.files(ObjectKind.INDEX).get(0);
    Files.move(index, aside.resolve("index"));
    // Beside another writer, so that nothing is taken in that no index lists.
    try (RepositoryLock other =
        RepositoryLock.shared(stored.store(), InstantSource.system(), Duration.ZERO)) {
      backUp(two("a", 1, 2, SIZE));
      other.requireHeld();
    }
    Files.move(aside.resolve("index"), index);
    List<Path> large = new ArrayList<>();
    for (Path each : damage.files(ObjectKind.PACK)) {
      if (Files.size(each) > SIZE) {
        large.add(each);
      }
    }
    assertEquals(2, large.size());
    Damage.flip(large.get(damaged), 1000);
    try (BackupRepository own = TestRepositories.open(place)) {
      own.prune(ALL);
    }
    requireSound();
  }

  @Test
  void aPackOfWhichAnIndexListsButAPartStaysWhileSomethingIsMissing() throws Exception {
    Snapshot first = backUp(two("a", 1, 2, SIZE));
    backUp(new MapSource("b", Map.of("other", bytes(2, SIZE))));
    forget(place, first);
    Sha256 needed = Sha256.hash(bytes(2, SIZE));
    int changed = 0;
    for (String each : stored.ids(ObjectKind.INDEX)) {
      String json = stored.json(ObjectKind.INDEX, each);
      String without =
          json.replaceFirst("\\{\"id\":\"" + needed + "\"[^}]*\\},?", "").replace(",]", "]");
      if (!without.equals(json)) {
        stored.rewrite(ObjectKind.INDEX, each, any -> without);
        changed++;
      }
    }
    assertEquals(1, changed);
    try (BackupRepository own = TestRepositories.open(place)) {
      PruneReport report = own.prune(ALL);
      assertFalse(report.findings().isEmpty(), report::toString);
      own.repair(RepairOptions.DEFAULT);
    }
    requireSound();
  }

  private void requireSound() throws Exception {
    try (BackupRepository own = TestRepositories.open(place)) {
      List<Snapshot> all = own.list(SnapshotFilter.ALL);
      assertFalse(all.isEmpty());
      for (Snapshot each : all) {
        assertTrue(own.verify(each, Verifiers.checksums()).passed(), each::toString);
      }
    }
  }
}
