package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.format.KeyFile;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adding, removing and changing passwords, and what is left when that is cut short. */
@Timeout(120)
class KeyRingTest {

  private static final KeyDerivation CHEAP = new KeyDerivation(2, 1, 1);
  private static final String OLD = TestRepositories.PASSWORD;
  private static final String NEW = "n\u00e9w password";
  private static final int WRONG_PASSWORD = 12; // restic's exit code

  @TempDir Path directory;

  private Path place;
  private Snapshot snapshot;

  @BeforeEach
  void create() throws Exception {
    place = directory.resolve("repository");
    try (BackupRepository repository = TestRepositories.create(place)) {
      snapshot = repository.backup(new MapSource("a", Map.of("f", new byte[] {1, 2}))).snapshot();
    }
  }

  @Test
  void aPasswordThatWasAddedOpensWithStockResticUntilItIsRemoved() throws Exception {
    try (BackupRepository repository = TestRepositories.open(place)) {
      KeyRing keys = repository.keys();
      assertEquals(List.of(keys.current()), keys.ids());
      String added = keys.add(passwords(NEW));
      assertNotEquals(added, keys.current());
      assertEquals(2, keys.ids().size());
      assertTrue(keys.ids().contains(added));
      assertTrue(restic(NEW).succeed("snapshots").contains(snapshot.id().shortHex()));
      restic(OLD).succeed("snapshots");
      assertOpens(NEW);

      keys.remove(added);
      assertEquals(List.of(keys.current()), keys.ids());
      assertEquals(WRONG_PASSWORD, restic(NEW).run("snapshots").exitCode());
      assertFalse(opens(NEW));
      assertOpens(OLD);
    }
    assertClean(OLD);
  }

  @Test
  void aChangedPasswordTakesThePlaceOfTheOneThatOpened() throws Exception {
    try (BackupRepository repository = TestRepositories.open(place)) {
      KeyRing keys = repository.keys();
      String before = keys.current();
      String after = keys.change(passwords(NEW));
      assertNotEquals(before, after);
      assertEquals(after, keys.current());
      assertEquals(List.of(after), keys.ids());
      assertOpens(NEW);
      assertFalse(opens(OLD));
      assertEquals(WRONG_PASSWORD, restic(OLD).run("snapshots").exitCode());
      // The repository that was open all the while goes on.
      repository.backup(new MapSource("b", Map.of("f", new byte[] {3})));
      assertRefused(Kind.INVALID, "opened this repository", () -> keys.remove(after));
    }
    assertClean(NEW);
  }

  @Test
  void theOneThatOpenedAndThoseThatAreNotThereCannotBeRemoved() throws Exception {
    KeyRing keys = cheapKeys(LocalTarget.at(place));
    assertRefused(Kind.INVALID, "opened this repository", () -> keys.remove(keys.current()));
    for (String absent : List.of(Sha256.hash(new byte[0]).hex(), "", "../config", "junk")) {
      assertRefused(Kind.NOT_FOUND, "There is no key file", () -> keys.remove(absent));
    }
    assertOpens(OLD);
  }

  @Test
  void noneIsRemovedOnceTheOneThatOpenedHasGone() throws Exception {
    KeyRing keys = cheapKeys(LocalTarget.at(place));
    String other = keys.add(passwords(NEW));
    Files.delete(place.resolve("keys").resolve(keys.current()));
    assertRefused(Kind.CONFLICT, "has gone or is damaged", () -> keys.remove(other));
    assertOpens(NEW);
  }

  @Test
  void anEmptyPasswordIsRefused() throws Exception {
    KeyRing keys = cheapKeys(LocalTarget.at(place));
    assertRefused(Kind.INVALID, "The password is empty", () -> keys.add(passwords("")));
    assertRefused(Kind.INVALID, "The password is empty", () -> keys.change(passwords("")));
    assertEquals(List.of(keys.current()), keys.ids());
    assertOpens(OLD);
  }

  @Test
  void theTwentyFirstIsRefusedWhoeverMadeTheOthers() throws Exception {
    KeyRing keys = cheapKeys(LocalTarget.at(place));
    for (int i = 1; i < KeyRing.MAX_KEYS - 1; i++) {
      foreignKey();
    }
    keys.add(passwords("the twentieth"));
    assertEquals(KeyRing.MAX_KEYS, keys.ids().size());
    assertRefused(Kind.INVALID, "as many key files", () -> keys.add(passwords(NEW)));
    assertRefused(Kind.INVALID, "as many key files", () -> keys.change(passwords(NEW)));
    assertEquals(KeyRing.MAX_KEYS, keys.ids().size());
    restic("the twentieth").succeed("snapshots");
    restic(OLD).succeed("snapshots");
    keys.remove(keys.ids().stream().filter(each -> !each.equals(keys.current())).findAny().get());
    keys.add(passwords(NEW));
    assertOpens(NEW);
  }

  @Test
  void junkBesideTheKeyFilesDisturbsNothingAndCanBeRemoved() throws Exception {
    Files.writeString(place.resolve("keys/README"), "junk");
    Files.createDirectories(place.resolve("keys/sub"));
    Files.writeString(place.resolve("keys/sub/" + "0".repeat(64)), "junk");
    String junk = Sha256.hash(new byte[] {7}).hex();
    Files.writeString(place.resolve("keys").resolve(junk), "{\"kdf\":");
    KeyRing keys = cheapKeys(LocalTarget.at(place));
    assertEquals(2, keys.ids().size());
    keys.add(passwords(NEW));
    keys.remove(junk);
    assertOpens(NEW);
    assertEquals(2, keys.ids().size());
    assertTrue(Files.exists(place.resolve("keys/README")));
    restic(NEW).succeed("snapshots");
  }

  @Test
  void keysAreAddedUnderASharedLockAndRemovedUnderAnExclusiveOne() throws Exception {
    List<String> seen = new ArrayList<>();
    BackupTarget watched =
        new DecoratedTarget(LocalTarget.at(place)) {
          @Override
          public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
            if (key.value().startsWith("keys/")) {
              seen.add("put under " + onlyLock());
            }
            super.put(key, content, options);
          }

          @Override
          public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys)
              throws IOException {
            if (keys.iterator().next().value().startsWith("keys/")) {
              seen.add("delete under " + onlyLock());
            }
            return super.delete(keys);
          }
        };
    KeyRing keys = cheapKeys(watched);
    keys.remove(keys.add(passwords(NEW)));
    keys.change(passwords(NEW));
    assertEquals(
        List.of(
            "put under shared",
            "delete under exclusive",
            "put under exclusive",
            "delete under exclusive"),
        seen);
    assertEquals(List.of(), new Damage(place).files(ObjectKind.LOCK));
  }

  @Test
  void passwordsAreWiped() throws Exception {
    char[] secret = NEW.toCharArray();
    cheapKeys(LocalTarget.at(place)).add(Passwords.of(() -> secret));
    assertArrayEquals(new char[NEW.length()], secret);
  }

  @Test
  void aKeyFileThatIsNotStoredAsItWasSentDoesNotTakeThePlaceOfTheOld() throws Exception {
    BackupTarget faulty =
        new DecoratedTarget(LocalTarget.at(place)) {
          @Override
          public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
            if (key.value().startsWith("keys/")) {
              byte[] bytes;
              try (InputStream in = content.open()) {
                bytes = in.readAllBytes();
              }
              bytes[bytes.length / 2] ^= 1;
              super.put(key, Content.of(bytes), options);
            } else {
              super.put(key, content, options);
            }
          }
        };
    KeyRing keys = cheapKeys(faulty);
    assertRefused(
        Kind.DAMAGED, "does not open with its password", () -> keys.change(passwords(NEW)));
    assertEquals(List.of(keys.current()), keys.ids());
    assertOpens(OLD);
  }

  @Test
  void anOldKeyFileThatTheStoreKeepsIsNamed() throws Exception {
    BackupTarget retaining =
        new DecoratedTarget(LocalTarget.at(place)) {
          @Override
          public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys)
              throws IOException {
            ObjectKey first = keys.iterator().next();
            return first.value().startsWith("keys/")
                ? Map.of(first, new BackupException(Kind.RETAINED, first + " is retained"))
                : super.delete(keys);
          }
        };
    KeyRing keys = cheapKeys(retaining);
    String old = keys.current();
    assertRefused(Kind.RETAINED, "and so does the old one", () -> keys.change(passwords(NEW)));
    assertNotEquals(old, keys.current());
    assertOpens(OLD);
    assertOpens(NEW);
  }

  /**
   * The process ends before or after any operation on the target: until the old key file is deleted
   * the old password opens, and before that happens the new one does.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void someCrashDuringAChangeAlwaysLeavesAPasswordThatOpens(boolean done) throws Exception {
    int both = 0;
    for (int operation = 0; ; operation++) {
      Path copy = StoredRepository.copy(place, directory.resolve("crash" + operation));
      Crashing target = new Crashing(LocalTarget.at(copy), done);
      KeyRing keys = cheapKeys(target);
      target.crashAfter(operation);
      boolean ended = false;
      try {
        keys.change(passwords(NEW));
        ended = true;
      } catch (BackupException crashed) {
        assertFalse(crashed.toString().contains(NEW));
        assertFalse(crashed.toString().contains(OLD));
      }
      boolean oldOpens = opens(copy, OLD);
      boolean newOpens = opens(copy, NEW);
      assertTrue(oldOpens || newOpens, "Nothing opens after operation " + operation);
      both += oldOpens && newOpens ? 1 : 0;
      if (ended && !target.crashed()) {
        assertFalse(oldOpens);
        assertTrue(operation > 8, "It takes more operations than " + operation);
        assertTrue(both > 0, "There is a moment when both open");
        return;
      }
    }
  }

  private static Passwords passwords(String text) {
    return Passwords.of(text::toCharArray);
  }

  /** The keys of the repository; what it adds costs next to nothing to open. */
  private static KeyRing cheapKeys(BackupTarget target) throws IOException {
    RepositoryKeys.Opened opened = new RepositoryKeys(target).open(TestRepositories.PASSWORDS);
    OpenRepository open =
        OpenRepository.of(
            opened.config(), opened.polynomial(), new ObjectStore(target, opened.key()));
    return new StoredKeyRing(open, RepositoryOptions.DEFAULT, opened, CHEAP);
  }

  private void foreignKey() throws IOException {
    KeyFile file =
        KeyFile.wrap(
            MasterKey.random(new SecureRandom()),
            "another".toCharArray(),
            CHEAP,
            Instant.EPOCH,
            "somebody",
            "elsewhere",
            new SecureRandom());
    byte[] bytes = file.encode();
    Files.write(place.resolve("keys").resolve(Sha256.hash(bytes).hex()), bytes);
  }

  private String onlyLock() throws IOException {
    StoredRepository stored = StoredRepository.at(place);
    SortedSet<String> locks = stored.ids(ObjectKind.LOCK);
    assertEquals(1, locks.size());
    String json = stored.json(ObjectKind.LOCK, locks.first());
    return LockFile.decode(json.getBytes(StandardCharsets.UTF_8)).exclusive()
        ? "exclusive"
        : "shared";
  }

  private void assertOpens(String password) throws IOException {
    assertTrue(opens(password), "It opens");
  }

  private boolean opens(String password) throws IOException {
    return opens(place, password);
  }

  private boolean opens(Path repository, String password) throws IOException {
    try (BackupRepository open =
        BackupRepository.open(LocalTarget.at(repository), passwords(password))) {
      return open.list(SnapshotFilter.ALL).contains(snapshot);
    } catch (BackupException closed) {
      assertEquals(Kind.WRONG_KEY, closed.kind(), closed::toString);
      return false;
    }
  }

  private Restic restic(String password) throws IOException {
    return Restic.stock().at(place, password);
  }

  private void assertClean(String password) throws Exception {
    WrittenRepositoryTest.assertClean(restic(password));
  }

  /** What a test does to keys. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws Exception;
  }

  private static void assertRefused(Kind kind, String saying, Attempt attempt) {
    BackupException refused = assertThrows(BackupException.class, attempt::run);
    assertEquals(kind, refused.kind(), refused::toString);
    assertTrue(refused.getMessage().contains(saying), refused::getMessage);
  }

  /** Does nothing any more after a number of operations, as if its process had ended. */
  private static final class Crashing extends DecoratedTarget {

    private final boolean done;
    private int left = Integer.MAX_VALUE;

    /**
     * @param done whether the operation at which it crashes still takes effect
     */
    Crashing(BackupTarget target, boolean done) {
      super(target);
      this.done = done;
    }

    void crashAfter(int operations) {
      left = operations;
    }

    boolean crashed() {
      return left < 0;
    }

    /** One operation of a target. */
    @FunctionalInterface
    private interface Operation<T> {
      T run() throws IOException;
    }

    private synchronized <T> T unlessCrashed(Operation<T> operation) throws IOException {
      left--;
      if (left >= 0) {
        return operation.run();
      }
      if (left == -1 && done) {
        operation.run();
      }
      left = -2;
      BackupException ended = new BackupException(Kind.DENIED, "The process has ended");
      // Logged dozens of times.
      ended.setStackTrace(new StackTraceElement[0]);
      throw ended;
    }

    @Override
    public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
      unlessCrashed(
          () -> {
            super.put(key, content, options);
            return null;
          });
    }

    @Override
    public InputStream read(ObjectKey key, ByteRange range) throws IOException {
      return unlessCrashed(() -> super.read(key, range));
    }

    @Override
    public Cursor<ObjectInfo> list(String prefix) throws IOException {
      return unlessCrashed(() -> super.list(prefix));
    }

    @Override
    public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
      return unlessCrashed(() -> super.delete(keys));
    }
  }
}
