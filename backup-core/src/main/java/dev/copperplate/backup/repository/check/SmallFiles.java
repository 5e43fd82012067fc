package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.KeyFile;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.format.RepositoryConfig;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the config, the key files and the locks. */
public final class SmallFiles {

  private static final ObjectKey CONFIG = new ObjectKey("config");
  private static final int MAX_CONFIG_SIZE = 1 << 20;

  /** restic tries no more. */
  private static final int MOST_KEYS = 20;

  private static final String REPLICA = "Take it from a replica, or from a copy of the key file";

  private final ObjectStore store;
  private final Findings findings;

  public SmallFiles(ObjectStore store, Findings findings) {
    this.store = store;
    this.findings = findings;
  }

  /** Looks at all of them. */
  public void check(Instant now) throws IOException {
    config();
    keys();
    locks(now);
  }

  private void config() throws IOException {
    try {
      decode(store.readWhole(CONFIG, MAX_CONFIG_SIZE));
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_FOUND && failure.kind() != Kind.DAMAGED) {
        throw failure;
      }
      if (store.substitutes().oldest(CONFIG, MAX_CONFIG_SIZE, this::decode).isEmpty()) {
        configError(failure.kind() == Kind.NOT_FOUND ? "is gone" : failure.getMessage());
      }
    }
  }

  private RepositoryConfig decode(byte[] sealed) throws BackupException {
    try {
      return RepositoryConfig.decode(store.sealer().open(sealed));
    } catch (DamagedContainerException | FormatException broken) {
      throw new BackupException(Kind.DAMAGED, "is damaged: " + broken.getMessage(), broken);
    }
  }

  private void configError(@Nullable String what) {
    findings.error(
        CONFIG.value(),
        String.valueOf(what),
        "Without it the repository cannot be opened again: take it from a replica with the same"
            + " key before this process ends");
  }

  private void keys() throws IOException {
    Set<Sha256> ids = store.ids(ObjectKind.KEY);
    if (ids.isEmpty()) {
      findings.error(
          ObjectKind.KEY.prefix(),
          "there is no key file: nobody can open the repository again",
          "Take one from a replica, or add a key before this process ends");
    }
    if (ids.size() > MOST_KEYS) {
      findings.warning(
          ObjectKind.KEY.prefix(),
          "there are " + ids.size() + " key files, and restic tries " + MOST_KEYS,
          "Remove keys that nobody uses");
    }
    for (Sha256 each : ids) {
      String problem = keyProblem(each);
      if (problem != null) {
        findings.error(ObjectKind.KEY.key(each).value(), problem, REPLICA);
      }
    }
  }

  /**
   * What is wrong with a key file; null if nothing is, or with an earlier version of it, and if it
   * has gone.
   */
  public @Nullable String keyProblem(Sha256 id) throws IOException {
    String problem = keyProblemNow(id);
    return problem != null && store.substitutes().find(ObjectKind.KEY, id)
        ? keyProblemNow(id)
        : problem;
  }

  private @Nullable String keyProblemNow(Sha256 id) throws IOException {
    try {
      byte[] stored = store.readWhole(ObjectKind.KEY.key(id), KeyFile.MAX_SIZE);
      if (!Sha256.hash(stored).equals(id)) {
        return "its content does not match its name";
      }
      KeyFile.decode(stored);
      return null;
    } catch (FormatException broken) {
      return "it is no key file: " + broken.getMessage();
    } catch (BackupException failure) {
      if (failure.kind() == Kind.NOT_FOUND) {
        return null;
      }
      if (failure.kind() == Kind.DAMAGED) {
        return String.valueOf(failure.getMessage());
      }
      throw failure;
    }
  }

  private void locks(Instant now) throws IOException {
    try (Cursor<StoredObject> all = store.list(ObjectKind.LOCK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        if (each.size() > 0) {
          lock(each.id(), now);
        }
      }
    }
  }

  private void lock(Sha256 id, Instant now) throws IOException {
    String name = ObjectKind.LOCK.key(id).value();
    String remedy = "If nobody is at work, remove it with `restic unlock --remove-all`";
    try {
      LockFile lock = LockFile.decode(store.read(ObjectKind.LOCK, id));
      if (RepositoryLock.looksAbandoned(lock, now)) {
        findings.info(
            name,
            "process "
                + lock.pid()
                + " of "
                + lock.hostname()
                + " took it at "
                + lock.time()
                + " and has not renewed it",
            "If that process is gone, remove it with `restic unlock`");
      }
    } catch (FormatException broken) {
      findings.warning(name, "it is no lock: " + broken.getMessage(), remedy);
    } catch (BackupException failure) {
      if (failure.kind() == Kind.DAMAGED) {
        findings.warning(name, String.valueOf(failure.getMessage()), remedy);
      } else if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
    }
  }
}
