package dev.copperplate.backup.verify;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Snapshots;
import java.io.IOException;
import java.util.List;

/** The history that a snapshot is compared with. */
final class EarlierSnapshots {

  private EarlierSnapshots() {}

  /** The undamaged ones of the same source and environment before it, newest first. */
  static List<Snapshot> of(Snapshot snapshot, Snapshots all) throws IOException {
    return all.list(SnapshotFilter.of(snapshot.source())).stream()
        .filter(each -> each.environment().equals(snapshot.environment()))
        .filter(each -> each.state() != SnapshotState.DAMAGED)
        .filter(each -> !each.run().equals(snapshot.run()))
        .filter(each -> !each.time().isAfter(snapshot.time()))
        .toList();
  }
}
