package dev.copperplate.backup.repository.prune;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The root directories of all snapshots that are there. */
final class SnapshotRoots {

  private SnapshotRoots() {}

  /**
   * Reads them, by the ids of the snapshots. To be done before the index is loaded, which then
   * lists all that they need.
   *
   * @throws BackupException {@code DAMAGED}, naming it, if one cannot be read: it may need anything
   */
  static Map<Sha256, Sha256> read(ObjectStore store, SnapshotCatalog catalog) throws IOException {
    Map<Sha256, Sha256> roots = new LinkedHashMap<>();
    for (Snapshot each : catalog.list(SnapshotFilter.ALL)) {
      roots.put(Sha256.parse(each.id().hex()), Sha256.parse(each.content().hex()));
    }
    for (Sha256 id : store.ids(ObjectKind.SNAPSHOT)) {
      if (!roots.containsKey(id)) {
        add(store, id, roots);
      }
    }
    return roots;
  }

  /** What the catalog has passed over, or what has come since. */
  private static void add(ObjectStore store, Sha256 id, Map<Sha256, Sha256> roots)
      throws IOException {
    try {
      roots.put(id, SnapshotFile.decode(store.read(ObjectKind.SNAPSHOT, id)).tree());
    } catch (FormatException broken) {
      throw refused(store.damaged(ObjectKind.SNAPSHOT, id, broken.getMessage(), broken));
    } catch (BackupException failure) {
      if (failure.kind() == Kind.DAMAGED) {
        throw refused(failure);
      }
      if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
    }
  }

  private static BackupException refused(BackupException damage) {
    return new BackupException(
        Kind.DAMAGED,
        "Nothing was removed, because what a snapshot needs is unknown: "
            + damage.getMessage()
            + ". If it is lost, remove it, and prune again",
        damage);
  }
}
