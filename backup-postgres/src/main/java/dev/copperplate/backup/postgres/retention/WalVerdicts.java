package dev.copperplate.backup.postgres.retention;

import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.inventory.StoredBase;
import dev.copperplate.backup.postgres.inventory.WalCommit;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Says of each commit that was found whether a base needs it, and why. */
public final class WalVerdicts {

  private final WalInventory inventory;
  private final Map<SnapshotId, String> kept = new HashMap<>();
  private final Map<SnapshotId, String> gone = new HashMap<>();

  /**
   * @param beginning since when every point of a cluster is to be reached
   */
  public WalVerdicts(WalInventory inventory, Function<ClusterSnapshots, Instant> beginning) {
    this.inventory = inventory;
    inventory
        .unreadable()
        .forEach(
            (commit, why) ->
                kept.put(commit, "cannot be read, so nobody knows whether it is needed: " + why));
    inventory.clusters().forEach(each -> judge(each, each.neededSince(beginning.apply(each))));
  }

  public RetentionPolicy policy(SourceId source) {
    return new WalRetentionPolicy(source, kept, gone, inventory.unreadable().keySet());
  }

  private void judge(ClusterSnapshots known, List<StoredBase> needed) {
    Optional<String> always =
        inventory.unreadableBases().stream()
            .findFirst()
            .map(WalVerdicts::unknown)
            .or(() -> without(known, needed));
    for (WalCommit each : known.commits()) {
      Optional<String> why = always.or(() -> whyNeeded(each, needed));
      SnapshotId id = each.snapshot().id();
      why.ifPresentOrElse(reason -> kept.put(id, reason), () -> gone.put(id, whyGone(needed)));
    }
  }

  private static String unknown(Snapshot base) {
    return "base "
        + base.run()
        + " cannot be read, so nobody knows what it needs: repair the repository, or remove that"
        + " base";
  }

  private static Optional<String> without(ClusterSnapshots known, List<StoredBase> needed) {
    if (known.bases().isEmpty()) {
      return Optional.of("there is no base of its system yet");
    }
    return needed.isEmpty() ? Optional.of("no base leads to its timelines yet") : Optional.empty();
  }

  private static Optional<String> whyNeeded(WalCommit commit, List<StoredBase> needed) {
    return needed.stream()
        .filter(each -> !isBefore(commit, each))
        .findFirst()
        .map(each -> "ends at " + end(commit) + ", behind the start of " + start(each));
  }

  private static boolean isBefore(WalCommit commit, StoredBase base) {
    return commit.timeline() <= base.facts().timeline()
        && !base.facts().start().isBefore(commit.end());
  }

  private static String whyGone(List<StoredBase> needed) {
    return "before the start of " + start(needed.get(0)) + ", where recovery begins";
  }

  private static String end(WalCommit commit) {
    return commit.end() + " on timeline " + commit.timeline();
  }

  private static String start(StoredBase base) {
    return "base "
        + base.snapshot().run()
        + " at "
        + base.facts().start()
        + " on timeline "
        + base.facts().timeline();
  }
}
