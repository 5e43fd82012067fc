package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A repository of which something was damaged, lost or exchanged. */
@Timeout(120)
class DamagedRepositoryTest {

  private static final SourceId ONE = new SourceId("map", "one");
  private static final SourceId TWO = new SourceId("map", "two");

  /** What happens to an object. */
  enum Accident {
    FLIPPED {
      @Override
      void befall(Path file, Path other) throws Exception {
        Damage.flip(file, (int) Files.size(file) / 2);
      }
    },
    TRUNCATED {
      @Override
      void befall(Path file, Path other) throws Exception {
        Damage.truncate(file, (int) Files.size(file) / 2);
      }
    },
    EMPTIED {
      @Override
      void befall(Path file, Path other) throws Exception {
        Damage.truncate(file, 0);
      }
    },
    LOST {
      @Override
      void befall(Path file, Path other) throws Exception {
        Damage.remove(file);
      }
    },
    SWAPPED {
      @Override
      void befall(Path file, Path other) throws Exception {
        Damage.swap(file, other);
      }
    };

    abstract void befall(Path file, Path other) throws Exception;
  }

  @TempDir Path parent;

  private Path directory;
  private Damage damage;
  private List<Path> packsOfOne;
  private List<Path> indexesOfOne;
  private List<Path> snapshotsOfOne;

  @BeforeEach
  void create() throws Exception {
    directory = parent.resolve("repository");
    damage = new Damage(directory);
    try (BackupRepository repository = TestRepositories.create(directory)) {
      repository.backup(new MapSource("one", Map.of("f", bytes("content of one"))));
      packsOfOne = damage.files(ObjectKind.PACK);
      indexesOfOne = damage.files(ObjectKind.INDEX);
      snapshotsOfOne = damage.files(ObjectKind.SNAPSHOT);
      // With two files, so that not even the manifests are the same blob.
      repository.backup(
          new MapSource("two", Map.of("f", bytes("content of two"), "g", bytes("more"))));
    }
  }

  @ParameterizedTest
  @EnumSource(Accident.class)
  void aPackCostsWhatItHolds(Accident accident) throws Exception {
    for (Path each : packsOfOne) {
      accident.befall(each, other(ObjectKind.PACK, packsOfOne));
      if (accident == Accident.SWAPPED) {
        break;
      }
    }
    try (BackupRepository repository = TestRepositories.open(directory)) {
      Verification broken = verify(repository, ONE);
      assertFalse(broken.passed(), broken::toString);
      for (Finding each : broken.findings()) {
        assertTrue(each.message().contains("data/"), each::toString);
        assertTrue(each.message().contains("replica"), each::toString);
      }
      if (accident != Accident.SWAPPED) {
        assertTrue(verify(repository, TWO).passed());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Accident.class)
  void anIndexCostsWhatOnlyItLists(Accident accident) throws Exception {
    accident.befall(indexesOfOne.get(0), other(ObjectKind.INDEX, indexesOfOne));
    try (BackupRepository repository = TestRepositories.open(directory)) {
      assertFalse(verify(repository, ONE).passed());
      if (accident != Accident.SWAPPED) {
        assertTrue(verify(repository, TWO).passed());
      }
      // Nothing is lost: the packs are found again, and what names them can be read again.
      repository.backup(new MapSource("three", Map.of("f", bytes("more"))));
      assertTrue(verify(repository, ONE).passed(), "The packs were listed again");
      assertTrue(verify(repository, TWO).passed());
    }
  }

  @ParameterizedTest
  @EnumSource(Accident.class)
  void aSnapshotFileCostsItsSnapshotAlone(Accident accident) throws Exception {
    accident.befall(snapshotsOfOne.get(0), other(ObjectKind.SNAPSHOT, snapshotsOfOne));
    try (BackupRepository repository = TestRepositories.open(directory)) {
      List<Snapshot> left = repository.list(SnapshotFilter.ALL);
      assertEquals(accident == Accident.SWAPPED ? 0 : 1, left.size());
      for (Snapshot each : left) {
        assertEquals(TWO, each.source());
        assertTrue(repository.verify(each, Verifiers.checksums()).passed());
      }
      BackupReport again =
          repository.backup(new MapSource("one", Map.of("f", bytes("content of one"))));
      assertEquals(0, again.dataBlobs());
    }
  }

  @Test
  void whatWasLostIsStoredAgainByTheNextBackup() throws Exception {
    for (Path each : packsOfOne) {
      Damage.remove(each);
    }
    try (BackupRepository repository = TestRepositories.open(directory)) {
      repository.backup(new MapSource("one", Map.of("f", bytes("content of one"))));
      assertTrue(verify(repository, ONE).passed());
    }
  }

  @Test
  void aWrongPasswordADamagedKeyAndAMissingOneAreToldApart() throws Exception {
    LocalTarget target = LocalTarget.at(directory);
    assertEquals(
        Kind.WRONG_KEY, openFails(Passwords.of("wrong"::toCharArray)).kind(), "wrong password");
    Path key = damage.files(ObjectKind.KEY).get(0);
    Path copy = Files.copy(key, parent.resolve("copy"));
    Damage.truncate(key, 100);
    BackupException damaged = openFails(TestRepositories.PASSWORDS);
    assertEquals(Kind.DAMAGED, damaged.kind());
    assertTrue(damaged.getMessage().contains("keys/" + key.getFileName()), damaged.getMessage());
    Damage.remove(key);
    BackupException missing = openFails(TestRepositories.PASSWORDS);
    assertEquals(Kind.MISSING, missing.kind());
    assertTrue(missing.getMessage().contains("keys/"), missing.getMessage());
    Files.copy(copy, key);
    TestRepositories.open(directory).close();
    assertEquals(directory.toString(), target.description());
  }

  @Test
  void aDamagedAMissingAndANewerConfigAreToldApart() throws Exception {
    Path config = directory.resolve("config");
    byte[] sound = Files.readAllBytes(config);
    Damage.flip(config, 40);
    BackupException damaged = openFails(TestRepositories.PASSWORDS);
    assertEquals(Kind.DAMAGED, damaged.kind());
    assertTrue(damaged.getMessage().contains("config"), damaged.getMessage());
    Damage.remove(config);
    assertEquals(Kind.MISSING, openFails(TestRepositories.PASSWORDS).kind());
    Files.write(config, sound);
    byte[] plain = new Sealer(HostileRepository.at(directory).key()).open(sound);
    String newer =
        new String(plain, StandardCharsets.UTF_8).replace("\"version\":2", "\"version\":3");
    byte[] sealed = new Sealer(HostileRepository.at(directory).key()).seal(bytes(newer));
    Damage.remove(config);
    Files.write(config, sealed);
    BackupException unsupported = openFails(TestRepositories.PASSWORDS);
    assertEquals(Kind.UNSUPPORTED, unsupported.kind(), unsupported::getMessage);
    assertTrue(unsupported.getMessage().contains("version 3"), unsupported.getMessage());
    assertFalse(unsupported.getMessage().contains("replica"), unsupported.getMessage());
  }

  @Test
  void junkAmongTheKeysDoesNotKeepOutTheRightPassword() throws Exception {
    HostileRepository hostile = HostileRepository.at(directory);
    hostile.put("keys/README", bytes("junk"));
    hostile.put("keys/sub/" + Sha256.hash(bytes("1")), bytes("junk"));
    hostile.put("keys/" + Sha256.hash(bytes("2")), bytes("junk"));
    hostile.put("keys/" + Sha256.hash(bytes("3")), new byte[0]);
    hostile.put("keys/" + Sha256.hash(bytes("4")), new byte[1 << 20]);
    String sound =
        Files.readString(
            damage.files(ObjectKind.KEY).stream()
                .filter(
                    each ->
                        each.toString().length() > 64 && size(each) > 200 && size(each) < 10_000)
                .findFirst()
                .orElseThrow());
    for (String parameters :
        List.of(
            "\"N\":1048576,\"r\":8,\"p\":1",
            "\"N\":524288,\"r\":8,\"p\":1",
            "\"N\":2147483647,\"r\":1,\"p\":1",
            "\"N\":1073741824,\"r\":1073741824,\"p\":1073741824",
            "\"N\":-2,\"r\":1,\"p\":1",
            "\"N\":0,\"r\":0,\"p\":0")) {
      key(hostile, sound.replaceFirst("\"N\":2,\"r\":1,\"p\":1", parameters));
    }
    key(hostile, sound.replace("scrypt", "argon2id"));
    key(hostile, sound.replaceFirst("\"salt\":\"[^\"]*\"", "\"salt\":\"AAAA\""));
    key(
        hostile,
        sound.replaceFirst(
            "\"data\":\"[^\"]*\"",
            "\"data\":\"" + Base64.getEncoder().encodeToString(new byte[100]) + "\""));
    try (ChildJvm child = ChildJvm.start("64m", HostileReading.class, directory)) {
      assertEquals(0, child.end(), child.said());
      assertTrue(child.said().contains("\nverified true 0"), child.said());
    }
  }

  @Test
  void stockResticAgreesThatOurDamageIsDamage() throws Exception {
    Damage.flip(packsOfOne.get(0), 10);
    Restic.Result check =
        Restic.stock().at(directory, TestRepositories.PASSWORD).run("check", "--read-data");
    assertEquals(1, check.exitCode(), check::toString);
  }

  private static void key(HostileRepository hostile, String json) throws Exception {
    hostile.put("keys/" + Sha256.hash(bytes(json)), bytes(json));
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  private Path other(ObjectKind kind, List<Path> than) throws Exception {
    try (Stream<Path> all = damage.files(kind).stream()) {
      return all.filter(each -> !than.contains(each)).findFirst().orElseThrow();
    }
  }

  private BackupException openFails(Passwords passwords) {
    return assertThrows(
        BackupException.class,
        () -> BackupRepository.open(LocalTarget.at(directory), passwords).close());
  }

  private static Verification verify(BackupRepository repository, SourceId source)
      throws Exception {
    return repository.verify(
        repository.list(SnapshotFilter.of(source)).get(0), Verifiers.checksums());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
