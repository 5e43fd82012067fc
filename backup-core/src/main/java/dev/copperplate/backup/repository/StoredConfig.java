package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.RepositoryConfig;
import dev.copperplate.backup.repository.format.UnknownVersionException;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.Substitutes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The config of a repository as it is stored. No name tells its content, and every writer has the
 * key to make another one. So where the store keeps versions, the oldest that authenticates says
 * which repository this is; a later one counts if it says the same, as after an upgrade of the
 * format.
 */
final class StoredConfig {

  static final ObjectKey KEY = new ObjectKey("config");

  private static final int MAX_SIZE = 1 << 20;

  private final BackupTarget target;
  private final Substitutes substitutes;

  StoredConfig(BackupTarget target, Substitutes substitutes) {
    this.target = target;
    this.substitutes = substitutes;
  }

  /** The config as it is stored now. */
  byte[] read() throws IOException {
    return ObjectStore.readWhole(target, substitutes, KEY, MAX_SIZE);
  }

  /** Whether the store has it, as it is or as it was. */
  boolean hasVersions() throws IOException {
    return !substitutes.versions(KEY).isEmpty();
  }

  /**
   * A config that a key opens.
   *
   * @param config what it says
   * @param age how many versions are older than the oldest that the key opens
   * @param standIn the version that it was read of; null for the current one
   * @param problem what is wrong with the current one, where another stands in
   */
  record Opened(
      RepositoryConfig config, int age, @Nullable ObjectVersion standIn, String problem) {}

  /**
   * Opens the config that counts for a key; one request more than reading it, where there are
   * versions, and one for each if there are several.
   *
   * @param stored the current one; empty if it is gone
   * @throws BackupException {@code DAMAGED} if the key opens none
   */
  Opened open(MasterKey key, Optional<byte[]> stored) throws IOException {
    RepositoryConfig current = null;
    BackupException failure = damaged("it is gone", null);
    try {
      if (stored.isPresent()) {
        current = decode(key, stored.get());
      }
    } catch (BackupException broken) {
      if (broken.kind() != Kind.DAMAGED) {
        throw broken;
      }
      failure = broken;
    }
    List<ObjectVersion> versions = substitutes.versions(KEY);
    if (current != null && versions.size() < 2) {
      return new Opened(current, 0, null, "");
    }
    Version right = newestLikeTheOldest(key, versions);
    if (current != null && (right == null || isSame(current, right.config()))) {
      return new Opened(current, right == null ? versions.size() : right.age(), null, "");
    }
    if (right == null) {
      throw failure;
    }
    String problem = problem(stored.isPresent(), current != null);
    return new Opened(right.config(), right.age(), right.version(), problem);
  }

  /** Lets all that follows read the config that was chosen. */
  void use(Opened chosen) {
    if (chosen.standIn() != null) {
      substitutes.use(KEY, chosen.standIn(), chosen.problem());
    }
  }

  private static String problem(boolean stored, boolean authentic) {
    if (authentic) {
      return "has another id or cuts files otherwise than the oldest one, so that somebody with the"
          + " key has replaced it";
    }
    return stored ? "cannot be authenticated" : "is gone";
  }

  private record Version(ObjectVersion version, RepositoryConfig config, int age) {}

  private @Nullable Version newestLikeTheOldest(MasterKey key, List<ObjectVersion> versions)
      throws IOException {
    Version found = null;
    int older = 0;
    for (ObjectVersion each : versions) {
      Optional<RepositoryConfig> config =
          substitutes.open(KEY, each, MAX_SIZE, bytes -> decodeKnown(key, bytes));
      if (config.isPresent() && (found == null || isSame(found.config(), config.get()))) {
        found = new Version(each, config.get(), found == null ? older : found.age());
      }
      older++;
    }
    return found;
  }

  private static boolean isSame(RepositoryConfig one, RepositoryConfig other) {
    return one.id().equals(other.id()) && one.polynomialHex().equals(other.polynomialHex());
  }

  private RepositoryConfig decodeKnown(MasterKey key, byte[] bytes) throws BackupException {
    try {
      return decode(key, bytes);
    } catch (BackupException unknown) {
      throw new BackupException(Kind.DAMAGED, String.valueOf(unknown.getMessage()), unknown);
    }
  }

  /**
   * What a config says.
   *
   * @throws BackupException {@code UNSUPPORTED} if it is of a later version, {@code DAMAGED}
   */
  RepositoryConfig decode(MasterKey key, byte[] config) throws BackupException {
    try {
      return RepositoryConfig.decode(new Sealer(key).open(config));
    } catch (UnknownVersionException newer) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "The repository "
              + target.description()
              + " cannot be used: "
              + newer.getMessage()
              + ". A newer release of this library, or of restic, may know it",
          newer);
    } catch (DamagedContainerException | FormatException broken) {
      throw damaged(broken.getMessage(), broken);
    }
  }

  private BackupException damaged(@Nullable String what, @Nullable Throwable cause) {
    return new BackupException(
        Kind.DAMAGED,
        "The config of "
            + target.description()
            + " is damaged: "
            + what
            + ". Restore the object `config` from a replica",
        cause);
  }
}
