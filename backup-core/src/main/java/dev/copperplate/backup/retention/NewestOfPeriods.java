package dev.copperplate.backup.retention;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest snapshot of each of the last periods that have any. While there are fewer such
 * periods than asked for, the oldest snapshot is kept as well: history then reaches back as far as
 * it can.
 *
 * @param period of the calendar
 * @param count how many of them
 * @param zone by whose clocks they begin
 */
record NewestOfPeriods(CalendarPeriod period, int count, ZoneId zone) implements RetentionPolicy {

  @Override
  public List<Decision> decide(List<Snapshot> snapshots, Instant now) {
    List<Decision> decisions = new ArrayList<>(snapshots.size());
    Set<String> newestOfPeriod = Set.of(period.label());
    @Nullable LocalDateTime previous = null;
    int kept = 0;
    for (Snapshot each : snapshots) {
      LocalDateTime start = period.start(each.time(), zone);
      // As restic, compares with the neighbour: where clocks went back over the start of a period,
      // it counts again.
      boolean newest = !start.equals(previous);
      boolean oldest = decisions.size() == snapshots.size() - 1;
      boolean keep = kept < count && (newest || oldest);
      if (keep) {
        kept++;
      }
      decisions.add(
          new Decision(
              each,
              keep,
              keep ? List.of(reason(kept, start, newest)) : List.of(),
              newest ? newestOfPeriod : Set.of()));
      previous = start;
    }
    return decisions;
  }

  private String reason(int number, LocalDateTime start, boolean newest) {
    return period.label()
        + " "
        + number
        + " of "
        + count
        + ": "
        + period.describe(start)
        + (newest ? "" : ", the oldest of all");
  }
}
