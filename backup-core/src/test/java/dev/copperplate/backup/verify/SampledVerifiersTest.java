package dev.copperplate.backup.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.MapSource;
import dev.copperplate.backup.repository.TestRepositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampledVerifiersTest {

  private static final int LARGE = 40 << 20;
  private static final int SHARES = 5;

  @TempDir Path directory;

  @Test
  void allSharesTogetherReadEveryByteOnce() throws Exception {
    try (BackupRepository repository = TestRepositories.create(directory)) {
      Snapshot snapshot = backup(repository, content(1, LARGE));
      long read = 0;
      for (int share = 1; share <= SHARES; share++) {
        Verification one = repository.verify(snapshot, Verifiers.share(share, SHARES));
        assertTrue(one.passed(), one::toString);
        assertEquals(Proof.STRUCTURE, one.proof());
        read += fact(one, "read");
        assertEquals(fact(one, "read"), readAgain(repository, snapshot, share));
      }
      assertEquals(snapshot.bytes(), read);
    }
  }

  @Test
  void onePieceOfALargeFileIsDamagedAndOneShareFindsIt() throws Exception {
    try (BackupRepository repository = TestRepositories.create(directory)) {
      Snapshot snapshot = backup(repository, content(1, LARGE));
      flip(largePacks().get(0));
      int failed = 0;
      for (int share = 1; share <= SHARES; share++) {
        failed += repository.verify(snapshot, Verifiers.share(share, SHARES)).passed() ? 0 : 1;
      }
      assertTrue(failed == 1 || failed == 2, failed + " shares"); // a chunk may lie on a border
      assertTrue(repository.verify(snapshot, Verifiers.structure()).passed());
    }
  }

  @Test
  void theOnlyShareOfOneReadsEverythingAndProvesIt() throws Exception {
    try (BackupRepository repository = TestRepositories.create(directory)) {
      Snapshot snapshot = backup(repository, content(1, 1 << 20));
      Verification all = repository.verify(snapshot, Verifiers.share(1, 1));
      assertEquals(Proof.DATA, all.proof());
      assertEquals(snapshot.bytes(), fact(all, "read"));
    }
  }

  @Test
  void aFirstSnapshotIsAllAddedAndProved() throws Exception {
    try (BackupRepository repository = TestRepositories.create(directory)) {
      Snapshot snapshot = backup(repository, content(1, 1 << 20));
      Verification added = repository.verify(snapshot, Verifiers.added(0));
      assertEquals(Proof.DATA, added.proof());
      assertEquals(snapshot.bytes(), fact(added, "read"));
      flip(largePacks().get(0));
      assertFalse(repository.verify(snapshot, Verifiers.added(0)).passed());
    }
  }

  @Test
  void whatASnapshotDidNotAddIsReadByItsShareAlone() throws Exception {
    Map<String, byte[]> content = content(1, 2 << 20);
    try (BackupRepository repository = TestRepositories.create(directory)) {
      backup(repository, content);
      Path old = largePacks().get(0);
      content.put("new", random(2, 300_000));
      Snapshot second = backup(repository, content);

      Verification nothing = repository.verify(second, Verifiers.added(0));
      assertEquals(300_000 + manifest(repository, second), fact(nothing, "read"));
      assertEquals(Proof.STRUCTURE, nothing.proof());

      flip(old);
      assertTrue(repository.verify(second, Verifiers.added(0)).passed());
      assertFalse(repository.verify(second, Verifiers.added(1)).passed());
    }
  }

  @Test
  void aThirdOfWhatWasThereIsAnotherThirdForEachSnapshot() throws Exception {
    Map<String, byte[]> content = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      content.put("f" + i, random(i, 1_000));
    }
    try (BackupRepository repository = TestRepositories.create(directory)) {
      backup(repository, content);
      Verification one = repository.verify(backup(repository, content), Verifiers.added(0.33));
      Verification other = repository.verify(backup(repository, content), Verifiers.added(0.33));
      assertTrue(Math.abs(fact(one, "read") - 100_000) < 30_000, one::toString);
      assertTrue(Math.abs(fact(other, "read") - 100_000) < 30_000, other::toString);
    }
  }

  @Test
  void whatIsUnreadableInTheSnapshotBeforeCountsAsAdded() throws Exception {
    Map<String, byte[]> content = new HashMap<>(Map.of("old", random(1, 1 << 20)));
    Snapshot second;
    List<Path> trees;
    try (BackupRepository repository = TestRepositories.create(directory)) {
      backup(repository, content);
      trees = packs().filter(each -> each.toFile().length() < 200_000).toList();
      content.put("new", random(2, 300_000));
      second = backup(repository, content);
    }
    for (Path each : trees) {
      Files.delete(each);
    }
    try (BackupRepository repository = TestRepositories.open(directory)) {
      Verification added = repository.verify(second, Verifiers.added(0));
      assertTrue(added.passed(), added::toString);
      assertEquals(second.bytes(), fact(added, "read"));
    }
  }

  @Test
  void sharesThatDoNotExistAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Verifiers.share(0, 3));
    assertThrows(IllegalArgumentException.class, () -> Verifiers.share(4, 3));
    assertThrows(IllegalArgumentException.class, () -> Verifiers.added(1.1));
    assertThrows(IllegalArgumentException.class, () -> Verifiers.added(Double.NaN));
  }

  private static long readAgain(BackupRepository repository, Snapshot snapshot, int share)
      throws Exception {
    Verifier verifier = Verifiers.share(share, SHARES);
    return fact(repository.verify(snapshot, verifier), "read");
  }

  /** The bytes of the files that the library adds itself. */
  private static long manifest(BackupRepository repository, Snapshot snapshot) throws Exception {
    Map<String, String> facts = repository.verify(snapshot, Verifiers.structure()).facts();
    long own = (2 << 20) + 3_000 + 300_000;
    return Long.parseLong(facts.get("bytes")) - own;
  }

  private static Snapshot backup(BackupRepository repository, Map<String, byte[]> content)
      throws Exception {
    return repository.backup(new MapSource("one", content)).snapshot();
  }

  private static Map<String, byte[]> content(int seed, int large) {
    Map<String, byte[]> content = new HashMap<>();
    content.put("large", random(seed, large));
    content.put("d/small", random(seed + 100, 1_000));
    content.put("d/other", random(seed + 200, 2_000));
    content.put("empty", new byte[0]);
    return content;
  }

  private static byte[] random(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static long fact(Verification verification, String key) {
    return Long.parseLong(verification.facts().get(key));
  }

  /** They hold content: trees are small here. */
  private List<Path> largePacks() throws IOException {
    return packs().filter(each -> each.toFile().length() > 200_000).sorted().toList();
  }

  private Stream<Path> packs() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
      return files.filter(Files::isRegularFile).toList().stream();
    }
  }

  private static void flip(Path pack) throws IOException {
    byte[] bytes = Files.readAllBytes(pack);
    bytes[100] ^= 1;
    Path other = pack.resolveSibling("other");
    Files.write(other, bytes);
    Files.move(other, pack, StandardCopyOption.REPLACE_EXISTING);
  }
}
