package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Snapshots;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts how many are opened, and can hide which ones are replaced. */
final class CountedSnapshots implements Snapshots {

  private final Snapshots all;
  private final boolean replacing;
  private final Map<SnapshotId, Snapshot> originals = new HashMap<>();
  private int opened;

  /**
   * @param replacing whether snapshots say which others they replace
   */
  CountedSnapshots(Snapshots all, boolean replacing) {
    this.all = all;
    this.replacing = replacing;
  }

  int opened() {
    return opened;
  }

  @Override
  public List<Snapshot> list(SnapshotFilter filter) throws IOException {
    return all.list(filter).stream().map(this::seen).toList();
  }

  private Snapshot seen(Snapshot each) {
    originals.put(each.id(), each);
    return new Snapshot(
        each.id(),
        each.run(),
        each.content(),
        each.source(),
        each.environment(),
        each.time(),
        each.state(),
        each.dependencies(),
        replacing ? each.replaces() : Optional.empty(),
        each.set(),
        each.tags(),
        each.files(),
        each.bytes());
  }

  @Override
  public SnapshotReader open(Snapshot snapshot) throws IOException {
    opened++;
    return all.open(originals.get(snapshot.id()));
  }
}
