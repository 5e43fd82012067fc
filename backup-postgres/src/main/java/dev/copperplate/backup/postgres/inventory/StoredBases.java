package dev.copperplate.backup.postgres.inventory;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.PostgresPhysicalSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks through all bases of a cluster. */
public final class StoredBases {

  /** Takes a base while it is open. */
  @FunctionalInterface
  public interface Taker {
    void take(StoredBase base, SnapshotReader reader) throws IOException;
  }

  /** Hears of a base that counts for nothing; it may be whole again after a repair, or not. */
  @FunctionalInterface
  public interface Complaint {
    void of(Snapshot base, boolean unreadable, Finding finding);
  }

  private final Snapshots snapshots;
  private final SourceId source;
  private final Complaint complaint;

  public StoredBases(Snapshots snapshots, String name, Complaint complaint) {
    this.snapshots = snapshots;
    this.source = new SourceId(PostgresPhysicalSource.TYPE, name);
    this.complaint = complaint;
  }

  /**
   * Opens each that is not damaged and whose chain is there and not damaged either, newest first.
   */
  public void each(Taker taker) throws IOException {
    List<Snapshot> all = snapshots.list(SnapshotFilter.of(source));
    Map<RunId, Set<RunId>> sound = new HashMap<>();
    for (Snapshot each : all) {
      if (each.state() != SnapshotState.DAMAGED) {
        sound.computeIfAbsent(each.run(), any -> new HashSet<>()).addAll(each.dependencies());
      }
    }
    for (Snapshot each : all) {
      if (each.state() == SnapshotState.DAMAGED || !isWhole(each.run(), sound)) {
        complain(each, false, "is damaged, or one that it builds on is damaged or gone");
      } else {
        open(each, taker);
      }
    }
  }

  private static boolean isWhole(RunId newest, Map<RunId, Set<RunId>> sound) {
    Set<RunId> seen = new HashSet<>(Set.of(newest));
    List<RunId> open = new ArrayList<>(seen);
    while (!open.isEmpty()) {
      Set<RunId> needed = sound.get(open.remove(open.size() - 1));
      if (needed == null) {
        return false;
      }
      needed.stream().filter(seen::add).forEach(open::add);
    }
    return true;
  }

  private void open(Snapshot base, Taker taker) throws IOException {
    try (SnapshotReader reader = snapshots.open(base)) {
      taker.take(new StoredBase(base, BaseFacts.of(base, reader.manifest())), reader);
    } catch (BackupException failure) {
      boolean ofThisOne = failure.kind() == BackupException.Kind.INVALID;
      if (!ofThisOne && !WalSearch.isOfTheSnapshot(failure)) {
        throw failure;
      }
      boolean removed = failure.kind() == BackupException.Kind.NOT_FOUND;
      complain(base, !removed, String.valueOf(failure.getMessage()));
    }
  }

  private void complain(Snapshot base, boolean unreadable, String why) {
    complaint.of(base, unreadable, Finding.warning(base.source() + " of " + base.time(), why, ""));
  }
}
