package dev.copperplate.backup.postgres.retention;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.postgres.inventory.Cluster;
import dev.copperplate.backup.postgres.inventory.StoredBase;
import dev.copperplate.backup.postgres.inventory.StoredBases;
import dev.copperplate.backup.postgres.inventory.StoredSegment;
import dev.copperplate.backup.postgres.inventory.WalCommit;
import dev.copperplate.backup.postgres.inventory.WalCommits;
import dev.copperplate.backup.postgres.inventory.WalSearch;
import dev.copperplate.backup.postgres.restore.CombinedCluster;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What retention has to know of the bases and the WAL of one name. Opens each base, and each commit
 * that no other one replaces; reads their manifests, and of each timeline the history once.
 */
public final class WalInventory {

  private static final EntryPath OF_BASES = CombinedCluster.ROOT.child("pg_wal");

  private final Snapshots snapshots;
  private final Map<Cluster, Known> clusters = new HashMap<>();
  private final Map<SnapshotId, String> unreadable = new HashMap<>();
  private final List<Snapshot> unreadableBases = new ArrayList<>();

  /** What was found of a cluster so far. */
  private record Known(
      List<StoredBase> bases, List<WalCommit> commits, Map<Integer, TimelineHistory> histories) {}

  private WalInventory(Snapshots snapshots) {
    this.snapshots = snapshots;
  }

  public static WalInventory of(Snapshots snapshots, String name) throws IOException {
    WalInventory inventory = new WalInventory(snapshots);
    // Before the commits: a base that comes meanwhile needs none of those that are seen here.
    new StoredBases(snapshots, name, inventory::complain).each(inventory::add);
    new WalCommits(snapshots, name).each(inventory::look);
    return inventory;
  }

  List<ClusterSnapshots> clusters() {
    return clusters.values().stream()
        .map(each -> new ClusterSnapshots(each.bases(), each.commits(), each.histories()))
        .toList();
  }

  /** Commits of which nothing is known, and why. */
  Map<SnapshotId, String> unreadable() {
    return Map.copyOf(unreadable);
  }

  /** Bases that are there and of which nothing is known. */
  List<Snapshot> unreadableBases() {
    return List.copyOf(unreadableBases);
  }

  private void complain(Snapshot base, boolean stays, Finding why) {
    if (stays) {
      unreadableBases.add(base);
    }
  }

  private Known of(Cluster cluster) {
    return clusters.computeIfAbsent(
        cluster, any -> new Known(new ArrayList<>(), new ArrayList<>(), new HashMap<>()));
  }

  private void add(StoredBase base, SnapshotReader reader) throws IOException {
    Known known = of(base.facts().cluster());
    addHistory(known, base.facts().timeline(), reader, OF_BASES);
    known.bases().add(base);
  }

  private boolean look(Snapshot snapshot) throws IOException {
    try (SnapshotReader reader = snapshots.open(snapshot)) {
      WalCommit commit = WalCommit.of(snapshot, reader.manifest());
      Known known = of(commit.cluster());
      addHistory(known, commit.timeline(), reader, StoredSegment.ROOT);
      known.commits().add(commit);
      return true;
    } catch (IllegalArgumentException wrong) {
      unreadable.put(snapshot.id(), String.valueOf(wrong.getMessage()));
    } catch (BackupException failure) {
      if (!WalSearch.isOfTheSnapshot(failure)) {
        throw failure;
      }
      unreadable.put(snapshot.id(), String.valueOf(failure.getMessage()));
    }
    return false;
  }

  private static void addHistory(
      Known known, int timeline, SnapshotReader reader, EntryPath directory) throws IOException {
    if (timeline == 1 || known.histories().containsKey(timeline)) {
      return;
    }
    Optional<Entry> file = reader.entry(directory.child(TimelineHistory.fileName(timeline)));
    if (file.isPresent()) {
      try (InputStream in = reader.open(file.get(), ByteRange.ALL)) {
        byte[] content = in.readNBytes(TimelineHistory.MAX_BYTES + 1);
        known.histories().put(timeline, TimelineHistory.parse(timeline, content));
      } catch (IllegalArgumentException nonsense) {
        return; // as good as none: then everything is kept that may lead to the timeline
      }
    }
  }
}
