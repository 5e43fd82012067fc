package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.format.KeyFile;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.repair.ObjectHealing;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The key files below {@code keys/}. None is removed before another was seen to open the
 * repository, so that a crash at any moment leaves a password that does.
 */
final class StoredKeyRing implements KeyRing {

  private final OpenRepository repository;
  private final ObjectStore store;
  private final RepositoryOptions options;
  private final RepositoryKeys.Opened opened;
  private final RepositoryKeys keys;
  private final KeyDerivation derivation;
  private volatile Sha256 current;

  StoredKeyRing(
      OpenRepository repository, RepositoryOptions options, RepositoryKeys.Opened opened) {
    this(repository, options, opened, KeyDerivation.DEFAULT);
  }

  /**
   * @param derivation what a guess of the passwords that are added shall cost
   */
  StoredKeyRing(
      OpenRepository repository,
      RepositoryOptions options,
      RepositoryKeys.Opened opened,
      KeyDerivation derivation) {
    this.derivation = derivation;
    this.repository = repository;
    this.store = repository.store();
    this.options = options;
    this.opened = opened;
    this.keys = new RepositoryKeys(store.target(), store.substitutes());
    this.current = opened.keyFile();
  }

  @Override
  public List<String> ids() throws IOException {
    return store.ids(ObjectKind.KEY).stream().map(Sha256::hex).sorted().toList();
  }

  @Override
  public String current() {
    return current.hex();
  }

  @Override
  public String add(Passwords password) throws IOException, InterruptedException {
    ObjectStore.requireRetention(store.target(), options.retainFor());
    try (RepositoryLock lock = repository.sharedLock(options, patience())) {
      return add(password, lock).hex();
    }
  }

  @Override
  public void remove(String id) throws IOException, InterruptedException {
    if (!Sha256.isHex(id)) {
      throw notFound(id);
    }
    try (RepositoryLock lock = repository.exclusiveLock(options, patience())) {
      requireRemovable(Sha256.parse(id));
      lock.requireHeld();
      delete(Sha256.parse(id));
    }
  }

  @Override
  public String change(Passwords password) throws IOException, InterruptedException {
    ObjectStore.requireRetention(store.target(), options.retainFor());
    try (RepositoryLock lock = repository.exclusiveLock(options, patience())) {
      Sha256 old = current;
      Sha256 added = add(password, lock);
      current = added;
      try {
        delete(old);
      } catch (BackupException remains) {
        throw new BackupException(
            remains.kind(),
            "The new password opens "
                + store.target().description()
                + ", and so does the old one still: "
                + store.describe(ObjectKind.KEY, old)
                + " could not be removed. Remove it once that is possible",
            remains);
      }
      return added.hex();
    }
  }

  /** Also what a repair that was killed has left of it: the next one would put it back. */
  private void delete(Sha256 id) throws IOException {
    for (BackupException reason :
        ObjectHealing.forget(store, ObjectKind.KEY, List.of(id)).values()) {
      throw reason;
    }
    store.delete(ObjectKind.KEY, id);
  }

  private static Duration patience() {
    return BackupOptions.DEFAULT.lockWait();
  }

  /** Adds a key file and makes sure that it opens the repository; otherwise takes it back. */
  private Sha256 add(Passwords passwords, RepositoryLock lock) throws IOException {
    requireRoom(MAX_KEYS - 1);
    char[] password = passwords.password();
    try {
      byte[] file =
          RepositoryKeys.keyFile(
              password, opened.key(), derivation, options.clock(), new SecureRandom());
      Sha256 id = Sha256.hash(file);
      try {
        store.target().put(ObjectKind.KEY.key(id), Content.of(file), PutOptions.METADATA);
        // Another may have been added at the same time.
        requireRoom(MAX_KEYS);
        keys.requireOpens(id, password);
        lock.requireHeld();
        // Not before: what does not open has to go again.
        retain(id);
      } catch (IOException | RuntimeException failure) {
        withdraw(id, failure);
        throw failure;
      }
      return id;
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private void retain(Sha256 id) throws IOException {
    Optional<Instant> until = repository.records().retention().until();
    if (until.isPresent()) {
      store.target().retain(List.of(ObjectKind.KEY.key(id)), until.get());
    }
  }

  private void requireRoom(int most) throws IOException {
    if (store.ids(ObjectKind.KEY).size() > most) {
      throw new BackupException(
          Kind.INVALID,
          store.target().description()
              + " has as many key files as stock restic tries, "
              + MAX_KEYS
              + ": remove one that nobody needs before another is added");
    }
  }

  private void withdraw(Sha256 id, Exception because) {
    try {
      store.delete(ObjectKind.KEY, id);
    } catch (IOException | RuntimeException remains) {
      because.addSuppressed(remains);
    }
  }

  private void requireRemovable(Sha256 id) throws IOException {
    Set<Sha256> all = store.ids(ObjectKind.KEY);
    if (!all.contains(id)) {
      throw notFound(id.hex());
    }
    if (id.equals(current)) {
      throw new BackupException(
          Kind.INVALID,
          "The key file "
              + id
              + " opened this repository and is not removed: open it with another password, or"
              + " change this one");
    }
    if (!isWhole(current)) {
      throw new BackupException(
          Kind.CONFLICT,
          "The key file that opened "
              + store.target().description()
              + " has gone or is damaged, so none is removed: open the repository again with a"
              + " password that still opens it");
    }
  }

  /** As it opened the repository and its name is its hash, it still does. */
  private boolean isWhole(Sha256 id) throws IOException {
    try {
      byte[] file = store.readWhole(ObjectKind.KEY.key(id), KeyFile.MAX_SIZE);
      return Sha256.hash(file).equals(id);
    } catch (BackupException unreadable) {
      if (unreadable.kind() != Kind.NOT_FOUND && unreadable.kind() != Kind.DAMAGED) {
        throw unreadable;
      }
      return false;
    }
  }

  private BackupException notFound(String id) {
    return new BackupException(
        Kind.NOT_FOUND, "There is no key file " + id + " in " + store.target().description());
  }
}
