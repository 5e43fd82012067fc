package dev.copperplate.backup.postgres.inventory;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.archive.ArchiveSettings;
import dev.copperplate.backup.retention.RetentionPolicies;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The commits of an archiver, without those whose data another one has. A minute's commit is
 * replaced by the next one's, so of an hour only the last is looked at.
 */
public final class WalCommits {

  /** Looks at a commit. */
  @FunctionalInterface
  public interface Look {

    /** Whether it stands for all that it replaces. Otherwise those are looked at, too. */
    boolean at(Snapshot commit) throws IOException;
  }

  private final Snapshots snapshots;
  private final SourceId source;

  public WalCommits(Snapshots snapshots, String name) {
    this.snapshots = snapshots;
    this.source = source(name);
  }

  public static SourceId source(String name) {
    return new SourceId(ArchiveSettings.TYPE, name);
  }

  /** Looks at each, newest first as far as what is found on the way allows. */
  public void each(Look look) throws IOException {
    List<Snapshot> all = snapshots.list(SnapshotFilter.of(source));
    Set<SnapshotId> seen = new HashSet<>();
    Set<SnapshotId> alone = new HashSet<>();
    for (Snapshot each : all) {
      if (each.state() == SnapshotState.DAMAGED) {
        alone.add(each.id());
      }
    }
    int before;
    do {
      before = alone.size();
      for (Snapshot each : unreplaced(all, alone)) {
        if (seen.add(each.id()) && !look.at(each)) {
          alone.add(each.id());
        }
      }
    } while (alone.size() > before);
  }

  /**
   * Those that no other one replaces.
   *
   * @param newestFirst all of them
   * @param alone which of them are not believed to replace any
   */
  public static List<Snapshot> unreplaced(List<Snapshot> newestFirst, Set<SnapshotId> alone) {
    List<Snapshot> believed =
        newestFirst.stream()
            .map(each -> alone.contains(each.id()) ? replacingNone(each) : each)
            .toList();
    List<Decision> decisions = RetentionPolicies.unreplaced().decide(believed, Instant.EPOCH);
    List<Snapshot> left = new ArrayList<>();
    for (int i = 0; i < decisions.size(); i++) {
      if (decisions.get(i).keep()) {
        left.add(newestFirst.get(i));
      }
    }
    return left;
  }

  private static Snapshot replacingNone(Snapshot each) {
    return new Snapshot(
        each.id(),
        each.run(),
        each.content(),
        each.source(),
        each.environment(),
        each.time(),
        each.state(),
        each.dependencies(),
        Optional.empty(),
        each.set(),
        each.tags(),
        each.files(),
        each.bytes());
  }
}
