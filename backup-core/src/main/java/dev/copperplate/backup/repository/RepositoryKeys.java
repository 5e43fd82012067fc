package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.repository.chunk.Polynomial;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.KeyFile;
import dev.copperplate.backup.repository.format.RepositoryConfig;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.WrongPasswordException;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.Retention;
import dev.copperplate.backup.repository.storage.Substitutes;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes and opens what stands before everything else in a repository: its keys and its config. */
final class RepositoryKeys {

  private final BackupTarget target;
  private final Substitutes substitutes;
  private final StoredConfig stored;

  RepositoryKeys(BackupTarget target) {
    this(target, new Substitutes(target));
  }

  RepositoryKeys(BackupTarget target, Substitutes substitutes) {
    this.target = target;
    this.substitutes = substitutes;
    this.stored = new StoredConfig(target, substitutes);
  }

  /** The earlier versions that stood in for key files and the config. */
  Substitutes substitutes() {
    return substitutes;
  }

  /** A repository that is open: its key, which key file held it, and its config. */
  record Opened(Sha256 keyFile, MasterKey key, RepositoryConfig config, Polynomial polynomial) {}

  /**
   * Opens the repository with the first key file that the password opens. Where the store keeps
   * versions and there are several such files, with the one that opens the oldest config: whoever
   * has the password can add a key of his own and a config for it, and none that is older.
   *
   * @throws BackupException {@code NOT_FOUND} without a config, {@code MISSING} without key files,
   *     {@code WRONG_KEY} if none opens, {@code DAMAGED} if what could have opened it is damaged
   */
  Opened open(Passwords passwords) throws IOException {
    Optional<byte[]> config = readConfig();
    char[] password = passwords.password();
    try {
      return open(config, password);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private Opened open(Optional<byte[]> config, char[] password) throws IOException {
    List<Sha256> ids = keyFiles();
    if (ids.isEmpty()) {
      throw new BackupException(
          Kind.MISSING,
          "The repository "
              + target.description()
              + " has no key files: without one nobody can open"
              + " it. Restore keys/ from a replica or a copy of the key file");
    }
    List<String> damaged = new ArrayList<>();
    BackupException damagedConfig = null;
    Choice oldest = null;
    for (Candidate each : candidates(ids, damaged)) {
      MasterKey key = unwrap(each, password, damaged);
      if (key != null) {
        try {
          oldest = older(oldest, each.id(), key, stored.open(key, config));
          if (oldest.config().age() == 0) {
            break;
          }
        } catch (BackupException broken) {
          damagedConfig = broken;
        }
      }
    }
    if (oldest != null) {
      stored.use(oldest.config());
      return oldest.opened();
    }
    throw damagedConfig != null ? damagedConfig : noneOpens(ids.size(), damaged);
  }

  private record Choice(Opened opened, StoredConfig.Opened config) {}

  private Choice older(@Nullable Choice other, Sha256 id, MasterKey key, StoredConfig.Opened found)
      throws BackupException {
    if (other != null && other.config().age() <= found.age()) {
      return other;
    }
    RepositoryConfig config = found.config();
    return new Choice(new Opened(id, key, config, polynomial(config)), found);
  }

  private BackupException noneOpens(int count, List<String> damaged) {
    if (damaged.isEmpty()) {
      return new BackupException(
          Kind.WRONG_KEY,
          "None of the "
              + count
              + " key files of "
              + target.description()
              + " opens with this password");
    }
    return new BackupException(
        Kind.DAMAGED,
        "The repository "
            + target.description()
            + " does not open with this password, and of its "
            + count
            + " key files these are damaged: "
            + String.join("; ", damaged)
            + ". If the password is right, restore them from a replica or a copy");
  }

  private record Candidate(Sha256 id, KeyFile file) {}

  /**
   * The key files that can be read, those that are cheap to try first: whoever can write into the
   * store may put files there that cost more time and memory than ours.
   */
  private List<Candidate> candidates(List<Sha256> ids, List<String> damaged) throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    for (Sha256 id : ids) {
      KeyFile file = keyFile(id, damaged);
      if (file != null) {
        candidates.add(new Candidate(id, file));
      }
    }
    candidates.sort(Comparator.comparingLong(each -> each.file().derivation().work()));
    return candidates;
  }

  private @Nullable KeyFile keyFile(Sha256 id, List<String> damaged) throws IOException {
    try {
      byte[] file = readKeyFile(id);
      if (!Sha256.hash(file).equals(id) && substitutes.find(ObjectKind.KEY, id)) {
        file = readKeyFile(id);
      }
      if (!Sha256.hash(file).equals(id)) {
        damaged.add(ObjectKind.KEY.key(id) + " (its content does not match its name)");
      }
      return KeyFile.decode(file);
    } catch (FormatException broken) {
      damaged.add(ObjectKind.KEY.key(id) + " (" + broken.getMessage() + ")");
      return null;
    } catch (BackupException failure) {
      if (failure.kind() != Kind.DAMAGED && failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
      damaged.add(String.valueOf(failure.getMessage()));
      return null;
    }
  }

  private byte[] readKeyFile(Sha256 id) throws IOException {
    ObjectKey key = ObjectKind.KEY.key(id);
    try {
      return ObjectStore.readWhole(target, substitutes, key, KeyFile.MAX_SIZE);
    } catch (BackupException failure) {
      if (failure.kind() == Kind.DAMAGED && substitutes.find(ObjectKind.KEY, id)) {
        return ObjectStore.readWhole(target, substitutes, key, KeyFile.MAX_SIZE);
      }
      throw failure;
    }
  }

  private static @Nullable MasterKey unwrap(
      Candidate candidate, char[] password, List<String> damaged) {
    String name = ObjectKind.KEY.key(candidate.id()).value();
    try {
      return candidate.file().unwrap(password);
    } catch (WrongPasswordException other) {
      return null;
    } catch (FormatException broken) {
      damaged.add(name + " (" + broken.getMessage() + ")");
      return null;
    } catch (OutOfMemoryError tooLarge) {
      // One array that did not fit: nothing else is lost, and another file may open.
      damaged.add(name + " (trying it takes more memory than this process has)");
      return null;
    }
  }

  private List<Sha256> keyFiles() throws IOException {
    List<Sha256> ids = new ArrayList<>();
    try (Cursor<ObjectInfo> all = target.list(ObjectKind.KEY.prefix())) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        ObjectKind.KEY.id(each.key()).ifPresent(ids::add);
      }
    }
    return ids;
  }

  /** Empty if it is gone, or cannot be one, and the store has what it was. */
  private Optional<byte[]> readConfig() throws IOException {
    try {
      return Optional.of(stored.read());
    } catch (BackupException failure) {
      if (failure.kind() == Kind.DAMAGED && stored.hasVersions()) {
        return Optional.empty();
      }
      if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
      // Without key files it is not the config that somebody deleted, but the repository.
      if (!keyFiles().isEmpty()) {
        if (stored.hasVersions()) {
          return Optional.empty();
        }
        throw new BackupException(
            Kind.MISSING,
            "The repository "
                + target.description()
                + " has keys but no config: restore the object"
                + " `config` from a replica",
            failure);
      }
      throw new BackupException(
          Kind.NOT_FOUND,
          "There is no repository in "
              + target.description()
              + ": check the place, or create one with BackupRepository.create",
          failure);
    }
  }

  private Polynomial polynomial(RepositoryConfig config) throws BackupException {
    try {
      return Polynomial.parse(config.polynomialHex());
    } catch (IllegalArgumentException broken) {
      throw new BackupException(
          Kind.DAMAGED,
          "The config of " + target.description() + " is damaged: " + broken.getMessage(),
          broken);
    }
  }

  /**
   * Makes a key file and a config.
   *
   * @throws BackupException {@code ALREADY_EXISTS} if anything of a repository is there
   */
  void create(
      Passwords passwords, KeyDerivation derivation, InstantSource clock, Polynomial polynomial)
      throws IOException {
    create(passwords, derivation, clock, polynomial, Retention.NONE);
  }

  /**
   * The same, retained; the key file from the moment on when the config is stored, because without
   * it the key opens nothing and has to go.
   */
  void create(
      Passwords passwords,
      KeyDerivation derivation,
      InstantSource clock,
      Polynomial polynomial,
      Retention retention)
      throws IOException {
    requireNothing();
    SecureRandom random = new SecureRandom();
    MasterKey key = MasterKey.random(random);
    byte[] keyFile = keyFile(passwords, key, derivation, clock, random);
    Sha256 id = Sha256.hash(keyFile);
    target.put(ObjectKind.KEY.key(id), Content.of(keyFile), PutOptions.METADATA);
    byte[] repositoryId = new byte[Sha256.SIZE];
    random.nextBytes(repositoryId);
    RepositoryConfig config =
        new RepositoryConfig(
            RepositoryConfig.CURRENT_VERSION, Sha256.of(repositoryId).hex(), polynomial.hex());
    byte[] sealed = new Sealer(key).seal(config.encode());
    key.destroy();
    if (!putConfig(sealed, retention)) {
      // Somebody else was quicker: our key opens nothing.
      target.delete(List.of(ObjectKind.KEY.key(id)));
      throw exists(StoredConfig.KEY.value());
    }
    if (retention.until().isPresent()) {
      target.retain(List.of(ObjectKind.KEY.key(id)), retention.until().get());
    }
  }

  /** Returns whether it is ours that is stored. */
  private boolean putConfig(byte[] config, Retention retention) throws IOException {
    boolean conditional = target.capabilities().contains(Capability.CONDITIONAL_PUT);
    PutOptions options = new PutOptions(conditional, true, retention.until());
    try {
      target.put(StoredConfig.KEY, Content.of(config), options);
      return true;
    } catch (BackupException failure) {
      if (failure.kind() != Kind.ALREADY_EXISTS) {
        throw failure;
      }
      // An earlier attempt of ours may have been stored, and only its answer lost.
      return Arrays.equals(config, stored.read());
    }
  }

  private static byte[] keyFile(
      Passwords passwords,
      MasterKey key,
      KeyDerivation derivation,
      InstantSource clock,
      SecureRandom random)
      throws IOException {
    char[] password = passwords.password();
    try {
      return keyFile(password, key, derivation, clock, random);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  /**
   * The bytes of a key file; the password is not wiped.
   *
   * @throws BackupException {@code INVALID} if the password is empty
   */
  static byte[] keyFile(
      char[] password,
      MasterKey key,
      KeyDerivation derivation,
      InstantSource clock,
      SecureRandom random)
      throws BackupException {
    if (password.length == 0) {
      throw new BackupException(Kind.INVALID, "The password is empty: give one");
    }
    String user = System.getProperty("user.name", "");
    return KeyFile.wrap(key, password, derivation, clock.instant(), user, "", random).encode();
  }

  /**
   * Makes sure that a key file opens this repository, as it is stored.
   *
   * @param password not wiped
   * @throws BackupException {@code DAMAGED} if it does not
   */
  void requireOpens(Sha256 id, char[] password) throws IOException {
    List<String> damaged = new ArrayList<>();
    KeyFile file = keyFile(id, damaged);
    MasterKey key = file == null ? null : unwrap(new Candidate(id, file), password, damaged);
    if (key == null || !damaged.isEmpty()) {
      throw new BackupException(
          Kind.DAMAGED,
          "The key file that was just stored as "
              + ObjectKind.KEY.key(id)
              + " in "
              + target.description()
              + " does not open with its password: "
              + (damaged.isEmpty() ? "it holds something else" : String.join("; ", damaged)));
    }
    try {
      polynomial(stored.open(key, readConfig()).config());
    } finally {
      key.destroy();
    }
  }

  private void requireNothing() throws IOException {
    for (String prefix :
        List.of(StoredConfig.KEY.value(), ObjectKind.KEY.prefix(), ObjectKind.SNAPSHOT.prefix())) {
      Optional<ObjectKey> found = first(prefix);
      if (found.isPresent()) {
        throw exists(found.get().value());
      }
    }
  }

  private Optional<ObjectKey> first(String prefix) throws IOException {
    try (Cursor<ObjectInfo> all = target.list(prefix)) {
      ObjectInfo first = all.next();
      return first == null ? Optional.empty() : Optional.of(first.key());
    }
  }

  private BackupException exists(String what) {
    return new BackupException(
        Kind.ALREADY_EXISTS,
        target.description()
            + " already holds a repository, or parts of one ("
            + what
            + "): open it, or choose an empty place");
  }
}
