package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.RecoverableWindow;
import dev.copperplate.backup.postgres.RecoverableWindows;
import dev.copperplate.backup.postgres.RecoveryTarget;
import dev.copperplate.backup.postgres.inventory.BaseReach;
import dev.copperplate.backup.postgres.inventory.StoredSegment;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which WAL a recovery is given.
 *
 * @param reach how far it comes, and along which timeline
 * @param segments the versions of each segment, the best one first
 * @param histories of the timelines on the way
 */
record WalPlan(
    BaseReach reach, List<List<StoredSegment>> segments, List<TimelineHistory> histories) {

  /** A record has at most 1,020 MiB, and the server reads the one at the target to its end. */
  private static final long LONGEST_RECORD = 1L << 30;

  /**
   * Makes the plan.
   *
   * @throws BackupException {@code NOT_FOUND} if the target cannot be reached
   */
  static WalPlan of(List<BaseReach> reaches, RestoreChoices choices, Snapshots snapshots)
      throws IOException {
    RecoveryTarget target = choices.target();
    BaseReach reach = chosen(reaches, choices.timeline(), snapshots);
    requireReached(reach, target, snapshots);
    if (target instanceof RecoveryTarget.Immediate) {
      return new WalPlan(reach, List.of(), List.of());
    }
    return new WalPlan(reach, segments(reach, wanted(reach, target)), histories(reach));
  }

  private static BaseReach chosen(
      List<BaseReach> reaches, OptionalInt timeline, Snapshots snapshots) throws IOException {
    BaseReach highest = reaches.get(reaches.size() - 1);
    if (timeline.isEmpty()) {
      return highest;
    }
    Optional<BaseReach> chosen =
        reaches.stream().filter(each -> each.way().timeline() == timeline.getAsInt()).findFirst();
    if (chosen.isEmpty()) {
      throw notFound(
          highest, "timeline " + timeline.getAsInt(), "no history leads to it", snapshots);
    }
    return chosen.get();
  }

  private static void requireReached(BaseReach reach, RecoveryTarget target, Snapshots snapshots)
      throws IOException {
    String why = "";
    if (target instanceof RecoveryTarget.Time time) {
      why = whyNot(reach, time.instant());
    } else if (target instanceof RecoveryTarget.Position position) {
      why = whyNot(reach, position.lsn());
    }
    if (!why.isEmpty()) {
      throw notFound(reach, target.toString(), why, snapshots);
    }
  }

  private static String whyNot(BaseReach reach, Instant time) {
    Instant ended = reach.facts().ended().orElse(reach.base().time());
    if (time.isBefore(ended)) {
      return "this base ended later, at " + ended;
    }
    return time.isAfter(reach.to()) ? "the WAL that is stored ends at " + reach.to() : "";
  }

  private static String whyNot(BaseReach reach, Lsn position) {
    if (position.isBefore(reach.facts().end())) {
      return "this base is consistent later, at " + reach.facts().end();
    }
    return position.isBefore(reach.end()) ? "" : "the WAL that is stored ends at " + reach.end();
  }

  private static BackupException notFound(
      BaseReach reach, String target, String why, Snapshots snapshots) throws IOException {
    StringBuilder windows = new StringBuilder();
    RecoverableWindows all = RecoverableWindows.of(snapshots, reach.base().source().name());
    for (RecoverableWindow each : all.windows()) {
      windows.append("; ").append(each).append(", newest base ");
      windows.append(each.bases().get(each.bases().size() - 1).run());
    }
    return new BackupException(
        Kind.NOT_FOUND,
        "Cannot recover base "
            + reach.base().run()
            + " to "
            + target
            + ": "
            + why
            + ". What can be recovered"
            + (windows.length() == 0 ? ": nothing" : windows.substring(1)));
  }

  /** Up to where WAL is given. */
  private static Lsn wanted(BaseReach reach, RecoveryTarget target) {
    Optional<Lsn> behind = Optional.empty();
    if (target instanceof RecoveryTarget.Time time) {
      behind = reach.surelyBehind(time.instant());
    } else if (target instanceof RecoveryTarget.Position position) {
      behind = Optional.of(position.lsn());
    }
    Lsn wanted = behind.map(each -> each.plus(LONGEST_RECORD)).orElse(reach.end());
    return wanted.isBefore(reach.end()) ? wanted : reach.end();
  }

  private static List<List<StoredSegment>> segments(BaseReach reach, Lsn wanted) {
    List<List<StoredSegment>> segments = new ArrayList<>();
    for (int timeline : reach.way().path()) {
      Optional<Lsn> left = reach.way().endOf(timeline);
      for (WalSegment each : reach.wal().segments(timeline)) {
        boolean before = left.isEmpty() || each.start().isBefore(left.get());
        boolean behind = reach.facts().start().isBefore(each.end());
        if (before && behind && each.start().isBefore(wanted)) {
          segments.add(reach.wal().versions(each));
        }
      }
    }
    return segments;
  }

  private static List<TimelineHistory> histories(BaseReach reach) {
    return reach.way().path().stream().flatMap(each -> reach.wal().history(each).stream()).toList();
  }

  /** How many bytes it takes: each segment is written in full. */
  long bytes() {
    return segments.size() * reach.wal().size().bytes();
  }
}
