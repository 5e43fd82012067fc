package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of a repository. Snapshot files never change, so each is read once. One that cannot
 * be read is passed over with a warning: it must not hide the others. Thread-safe.
 */
public final class SnapshotCatalog {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotCatalog.class);

  /** By time, and where that is the same, by id: so that the order is always the same. */
  public static final Comparator<Snapshot> NEWEST_FIRST =
      Comparator.comparing(Snapshot::time).thenComparing(each -> each.id().hex()).reversed();

  private final ObjectStore store;
  private final Map<Sha256, Snapshot> known = new ConcurrentHashMap<>();
  private final Map<Sha256, String> unreadable = new ConcurrentHashMap<>();

  public SnapshotCatalog(ObjectStore store) {
    this.store = store;
  }

  /**
   * The snapshots that the filter lets through, newest first, whatever is proved of them: a
   * catalogue knows no receipts.
   */
  public List<Snapshot> list(SnapshotFilter filter) throws IOException {
    List<Snapshot> found = new ArrayList<>();
    for (ListedSnapshot each : listed()) {
      if (matches(filter, each.snapshot())) {
        found.add(each.snapshot());
      }
    }
    return found;
  }

  /** All snapshots, newest first, with what the listing told of their files. */
  public List<ListedSnapshot> listed() throws IOException {
    Map<Sha256, StoredObject> files = files();
    known.keySet().retainAll(files.keySet());
    unreadable.keySet().retainAll(files.keySet());
    List<ListedSnapshot> found = new ArrayList<>(files.size());
    for (StoredObject file : files.values()) {
      Snapshot snapshot = known.get(file.id());
      if (snapshot == null) {
        snapshot = load(file.id());
      }
      if (snapshot != null) {
        found.add(new ListedSnapshot(snapshot, file));
      }
    }
    found.sort(Comparator.comparing(ListedSnapshot::snapshot, NEWEST_FIRST));
    return found;
  }

  private Map<Sha256, StoredObject> files() throws IOException {
    Map<Sha256, StoredObject> files = new HashMap<>();
    try (Cursor<StoredObject> all = store.list(ObjectKind.SNAPSHOT)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        files.put(each.id(), each);
      }
    }
    return files;
  }

  /** The snapshot files that were passed over when last listed, and why. */
  public Map<SnapshotId, String> unreadable() {
    Map<SnapshotId, String> reasons = new HashMap<>();
    unreadable.forEach((id, reason) -> reasons.put(new SnapshotId(id.hex()), reason));
    return reasons;
  }

  /** Takes in a snapshot file that was stored just now. */
  public Snapshot add(Sha256 id, SnapshotFile file) {
    Snapshot snapshot = SnapshotFacts.of(id, file);
    known.put(id, snapshot);
    return snapshot;
  }

  /** Whether the snapshot is still there. */
  public boolean contains(Snapshot snapshot) throws IOException {
    return store.exists(ObjectKind.SNAPSHOT, Sha256.parse(snapshot.id().hex()));
  }

  private @Nullable Snapshot load(Sha256 id) throws IOException {
    try {
      SnapshotFile file = SnapshotFile.decode(store.read(ObjectKind.SNAPSHOT, id));
      return add(id, file);
    } catch (FormatException broken) {
      passOver(id, store.describe(ObjectKind.SNAPSHOT, id) + ": " + broken.getMessage());
    } catch (BackupException failure) {
      if (failure.kind() == Kind.DAMAGED) {
        passOver(id, String.valueOf(failure.getMessage()));
      } else if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
    }
    return null;
  }

  private void passOver(Sha256 id, String message) {
    if (unreadable.put(id, message) == null) {
      LOG.warn("A snapshot is passed over: {}", message);
    }
  }

  /** Whether the filter lets a snapshot through, whatever is proved of it. */
  public static boolean matches(SnapshotFilter filter, Snapshot snapshot) {
    return filter.source().map(snapshot.source()::equals).orElse(true)
        && filter.run().map(snapshot.run()::equals).orElse(true)
        && snapshot.tags().containsAll(filter.tags())
        && (filter.states().isEmpty() || filter.states().contains(snapshot.state()));
  }
}
