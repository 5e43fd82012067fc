package dev.copperplate.backup.repository.repair;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the copies of damaged snapshot files in replicas that have another key: those whose first
 * snapshot is the damaged one. Where several of different content claim that, none is believed.
 */
public final class SnapshotHealing {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotHealing.class);

  private record Copied(@Nullable Sha256 original, Sha256 tree) {}

  private final Healing healing;
  private final Map<Sha256, SnapshotFile> found = new LinkedHashMap<>();
  private final Set<Sha256> ambiguous = new HashSet<>();

  public SnapshotHealing(Healing healing) {
    this.healing = healing;
  }

  /** What the snapshots with these ids were, as far as replicas tell. */
  public Map<Sha256, SnapshotFile> find(Set<Sha256> damaged) throws IOException {
    for (Replica each : healing.replicas()) {
      if (!damaged.isEmpty()) {
        look(each, damaged);
      }
    }
    found.keySet().removeAll(ambiguous);
    return new HashMap<>(found);
  }

  private void look(Replica replica, Set<Sha256> damaged) throws IOException {
    read(
        replica.store(),
        file -> {
          Sha256 original = file.original();
          if (original != null && damaged.contains(original)) {
            SnapshotFile other = found.putIfAbsent(original, file);
            if (other != null && !other.tree().equals(file.tree())) {
              ambiguous.add(original);
            }
          }
        });
  }

  /** What cannot be read is passed over: it is no copy of anything. */
  private static void read(ObjectStore store, Consumer<SnapshotFile> to) throws IOException {
    for (Sha256 id : new TreeSet<>(store.ids(ObjectKind.SNAPSHOT))) {
      try {
        to.accept(SnapshotFile.decode(store.read(ObjectKind.SNAPSHOT, id)));
      } catch (FormatException unreadable) {
        LOG.debug("{} is passed over", store.describe(ObjectKind.SNAPSHOT, id), unreadable);
      } catch (BackupException failure) {
        if (failure.kind() != Kind.DAMAGED && failure.kind() != Kind.NOT_FOUND) {
          throw failure;
        }
      }
    }
  }

  /** Stores the copies, once all that they name is stored, and removes the damaged files. */
  public void store(Map<Sha256, SnapshotFile> copies) throws IOException {
    // An earlier repair may have stored one before it was killed.
    Set<Copied> here = new HashSet<>();
    if (!copies.isEmpty()) {
      read(healing.store(), file -> here.add(new Copied(file.original(), file.tree())));
    }
    for (Map.Entry<Sha256, SnapshotFile> each : copies.entrySet()) {
      if (!healing.dryRun()) {
        SnapshotFile file = each.getValue().toBuilder().parent(null).build();
        if (!here.contains(new Copied(file.original(), file.tree()))) {
          healing.store().write(ObjectKind.SNAPSHOT, file.encode(), healing.retention());
        }
        healing.store().delete(ObjectKind.SNAPSHOT, each.getKey());
      }
      healing.objects().incrementAndGet();
      healing.done(
          ObjectKind.SNAPSHOT.key(each.getKey()).value(), "written again as a replica has it");
    }
  }
}
