package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.retention.RetentionPolicies;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a repair must not make worse, and must not call healed. */
@Timeout(120)
class RepairDangersTest {

  @TempDir static Path shared;
  @TempDir Path own;

  private static Path sound;
  private static Path reencrypted;
  private Path place;

  @BeforeAll
  static void make() throws Exception {
    sound = shared.resolve("repository");
    SmallRepository.make(sound, shared.toRealPath().resolve("tree"));
    reencrypted = SmallRepository.reencrypt(sound, shared.resolve("reencrypted"));
  }

  @BeforeEach
  void copy() throws Exception {
    place = StoredRepository.copy(sound, own.resolve("repository"));
  }

  /**
   * As a machine with a broken memory stores it: the name fits what is in it, the blob does not.
   */
  @Test
  void aReplicaWithTheSameDamageHealsNothing() throws Exception {
    storePackWithABrokenBlob();
    Path same = StoredRepository.copy(place, own.resolve("same"));
    RepairReport report = repair(LocalTarget.at(place), same);
    assertEquals(0, report.objectsHealed(), report::toString);
    assertTrue(report.findings().toString().contains("ERROR data blob "), report::toString);
    requireNoError(repair(LocalTarget.at(place), same, reencrypted).findings().toString());
    requireWhole();
  }

  @Test
  void aSnapshotThatIsAsMalformedInTheReplicaIsNotCalledHealed() throws Exception {
    String id = StoredRepository.at(place).write(ObjectKind.SNAPSHOT, "{\"tree\":7}");
    RepairReport report = repair(LocalTarget.at(place), StoredRepository.copy(place, own("same")));
    assertEquals(0, report.objectsHealed(), report::toString);
    assertTrue(report.findings().toString().contains("snapshots/" + id), report::toString);
  }

  @Test
  void whatTwoIndexFilesListOfOnePackIsAllKept() throws Exception {
    StoredRepository stored = StoredRepository.at(place);
    String both = "(\"id\":\"[0-9a-f]{64}\",\"blobs\":\\[)(\\{[^}]*\\}),(\\{[^\\]]*\\})\\]";
    for (String id : List.copyOf(stored.ids(ObjectKind.INDEX))) {
      String json = stored.json(ObjectKind.INDEX, id);
      stored.delete(ObjectKind.INDEX, id);
      stored.write(ObjectKind.INDEX, json.replaceAll(both, "$1$2]"));
      stored.write(ObjectKind.INDEX, json.replaceAll(both, "$1$3]"));
    }
    requireNoError(repair(LocalTarget.at(place)).findings().toString());
    requireWhole();
  }

  @Test
  void whatTwoIndexFilesListOfADamagedPackIsAllKept() throws Exception {
    StoredRepository stored = StoredRepository.at(place);
    Path pack = largestPack();
    Damage.flip(pack, (int) Files.size(pack) - 20); // its header
    String both = "(\"id\":\"[0-9a-f]{64}\",\"blobs\":\\[)(\\{[^}]*\\}),(\\{[^\\]]*\\})\\]";
    for (String id : List.copyOf(stored.ids(ObjectKind.INDEX))) {
      String json = stored.json(ObjectKind.INDEX, id);
      stored.delete(ObjectKind.INDEX, id);
      stored.write(ObjectKind.INDEX, json.replaceAll(both, "$1$2]"));
      stored.write(ObjectKind.INDEX, json.replaceAll(both, "$1$3]"));
    }
    repair(LocalTarget.at(place));
    String said = SmallRepository.check(place, new CheckOptions.Data()).findings().toString();
    assertFalse(said.contains("is in no index"), said);
  }

  @Test
  void aPackThatTheDiskCannotReadIsHealedOrNamed() throws Exception {
    Path pack = largestPack();
    BackupTarget broken = new BadSectors(place, place.relativize(pack).toString());
    String said = repair(broken, reencrypted).findings().toString();
    assertTrue(said.contains(pack.getFileName().toString()), said);
    assertTrue(said.contains("ERROR"), said);
    Files.delete(pack); // what it held was stored again
    requireNoError(repair(LocalTarget.at(place)).findings().toString());
    requireWhole();
  }

  @Test
  void aPackThatTheDiskCannotReadIsTakenFromACopy() throws Exception {
    Path pack = largestPack();
    BackupTarget broken = new BadSectors(place, place.relativize(pack).toString());
    RepairReport report = repair(broken, sound);
    requireNoError(report.findings().toString());
    assertEquals(1, report.objectsHealed());
    requireWhole();
  }

  @Test
  void aDamagedPackThatCouldNotBeRemovedDoesNotComeBack() throws Exception {
    String pack = Defect.PACK_FLIPPED.bringAbout(place);
    BackupTarget refusing = new Refusing(place, "data/");
    repair(refusing, reencrypted);
    assertTrue(Files.exists(place.resolve(pack)));
    try (BackupRepository repository = TestRepositories.open(place)) {
      repository.backup(
          new MapSource("later", Map.of("new", "new".getBytes(StandardCharsets.UTF_8))));
      requireNoError(repository.check(new CheckOptions.Data()).findings().toString());
      repository.prune(PruneOptions.DEFAULT);
      requireNoError(repository.check(new CheckOptions.Data()).findings().toString());
    }
    assertFalse(Files.exists(place.resolve(pack)), "The prune removes it");
  }

  @Test
  void aDamagedPackThatCouldNotBeRemovedDoesNotComeBackByARepairWithoutReplicas() throws Exception {
    Defect.PACK_FLIPPED.bringAbout(place);
    repair(new Refusing(place, "data/"), reencrypted);
    repair(LocalTarget.at(place));
    requireNoError(SmallRepository.check(place, new CheckOptions.Data()).findings().toString());
  }

  /**
   * A repair was killed between the storing of the whole copy and the removal of that beside it.
   */
  @Test
  void whatWasRemovedForGoodIsNotPutBack() throws Exception {
    try (BackupRepository repository = TestRepositories.open(place)) {
      KeyRing keys = repository.keys();
      String revoked = keys.add(Passwords.of("another"::toCharArray));
      Snapshot old = repository.backup(new MapSource("s", Map.of("f", new byte[] {1}))).snapshot();
      repository.backup(new MapSource("s", Map.of("f", new byte[] {2})));
      for (String each : List.of("keys/" + revoked, "snapshots/" + old.id().hex())) {
        Path aside = place.resolve("copperplate/healing").resolve(each);
        Files.createDirectories(aside.getParent());
        Files.copy(place.resolve(each), aside);
      }
      keys.remove(revoked);
      repository.expire(repository.plan(RetentionPolicies.last(1)));
      repository.repair(RepairOptions.DEFAULT);
      assertFalse(keys.ids().contains(revoked), "A password that was taken back opens again");
      assertEquals(List.of(), repository.list(SnapshotFilter.of(old.run())));
    }
  }

  private void storePackWithABrokenBlob() throws Exception {
    Path pack = largestPack();
    Damage.flip(pack, 1000);
    String was = pack.getFileName().toString();
    String now = Sha256.hash(Files.readAllBytes(pack)).hex();
    Path moved = place.resolve("data").resolve(now.substring(0, 2)).resolve(now);
    Files.createDirectories(moved.getParent());
    Files.move(pack, moved);
    StoredRepository stored = StoredRepository.at(place);
    for (String id : List.copyOf(stored.ids(ObjectKind.INDEX))) {
      if (stored.json(ObjectKind.INDEX, id).contains(was)) {
        stored.rewrite(ObjectKind.INDEX, id, json -> json.replace(was, now));
      }
    }
  }

  private Path own(String name) {
    return own.resolve(name);
  }

  private Path largestPack() throws Exception {
    return new Damage(place)
        .files(ObjectKind.PACK).stream()
            .max(Comparator.comparingLong(each -> each.toFile().length()))
            .orElseThrow();
  }

  private static RepairReport repair(BackupTarget target, Path... replicas) throws Exception {
    List<BackupRepository> opened = new ArrayList<>();
    try (BackupRepository repository = BackupRepository.open(target, TestRepositories.PASSWORDS)) {
      for (Path each : replicas) {
        opened.add(TestRepositories.open(each));
      }
      return repository.repair(RepairOptions.DEFAULT.replicas(opened));
    } finally {
      for (BackupRepository each : opened) {
        each.close();
      }
    }
  }

  private static void requireNoError(String said) {
    assertFalse(said.contains("ERROR"), said);
  }

  private void requireWhole() throws Exception {
    requireNoError(SmallRepository.check(place, new CheckOptions.Data()).findings().toString());
    WrittenRepositoryTest.assertClean(Restic.stock().at(place, TestRepositories.PASSWORD));
  }

  /** A disk that cannot read an object, as long as it is the one that was there. */
  private static final class BadSectors extends DecoratedTarget {

    private final String key;
    private boolean replaced;

    BadSectors(Path directory, String key) {
      super(LocalTarget.at(directory));
      this.key = key;
    }

    @Override
    public InputStream read(ObjectKey read, ByteRange range) throws IOException {
      if (read.value().equals(key) && !replaced) {
        throw new BackupException(Kind.DENIED, "Read of " + read + " failed: I/O error", null);
      }
      return super.read(read, range);
    }

    @Override
    public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
      replaced |= keys.contains(new ObjectKey(key));
      return super.delete(keys);
    }
  }

  /** Refuses to delete what lies below a prefix. */
  private static final class Refusing extends DecoratedTarget {

    private final String prefix;

    Refusing(Path directory, String prefix) {
      super(LocalTarget.at(directory));
      this.prefix = prefix;
    }

    @Override
    public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
      Map<ObjectKey, BackupException> remaining = new HashMap<>();
      List<ObjectKey> others = new ArrayList<>();
      for (ObjectKey each : keys) {
        if (each.value().startsWith(prefix)) {
          remaining.put(each, new BackupException(Kind.DENIED, "Refused by the test", null));
        } else {
          others.add(each);
        }
      }
      remaining.putAll(super.delete(others));
      return remaining;
    }
  }
}
