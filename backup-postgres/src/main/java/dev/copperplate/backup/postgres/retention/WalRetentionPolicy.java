package dev.copperplate.backup.postgres.retention;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.inventory.WalCommits;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was found out of the commits of an archiver, as a policy. It knows those that were there
 * when it was made.
 *
 * @param source of the commits
 * @param kept why a commit is needed, or may be
 * @param gone why one is not
 * @param alone which of them are not believed to replace others, because they cannot be read
 */
record WalRetentionPolicy(
    SourceId source,
    Map<SnapshotId, String> kept,
    Map<SnapshotId, String> gone,
    Set<SnapshotId> alone)
    implements RetentionPolicy {

  private static final String REPLACED = "another commit holds all of it";
  private static final String LATER = "came after the policy was made";

  WalRetentionPolicy {
    kept = Map.copyOf(kept);
    gone = Map.copyOf(gone);
    alone = Set.copyOf(alone);
  }

  @Override
  public List<Decision> decide(List<Snapshot> snapshots, Instant now) {
    Set<Snapshot> heads = new HashSet<>(WalCommits.unreplaced(snapshots, alone));
    return snapshots.stream().map(each -> decide(each, heads.contains(each))).toList();
  }

  private Decision decide(Snapshot snapshot, boolean head) {
    if (!snapshot.source().equals(source)) {
      return new Decision(snapshot, true, List.of("is not of " + source), Set.of());
    }
    if (!head) {
      return new Decision(snapshot, false, List.of(REPLACED), Set.of());
    }
    String why = gone.get(snapshot.id());
    return why != null
        ? new Decision(snapshot, false, List.of(why), Set.of())
        : new Decision(snapshot, true, List.of(kept.getOrDefault(snapshot.id(), LATER)), Set.of());
  }

  @Override
  public String toString() {
    return "WalRetentionPolicy[" + source + "]";
  }
}
