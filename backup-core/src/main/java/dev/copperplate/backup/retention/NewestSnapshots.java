package dev.copperplate.backup.retention;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps the newest snapshots.
 *
 * @param count how many
 */
record NewestSnapshots(int count) implements RetentionPolicy {

  @Override
  public List<Decision> decide(List<Snapshot> snapshots, Instant now) {
    List<Decision> decisions = new ArrayList<>(snapshots.size());
    Set<String> last = Set.of("last");
    for (Snapshot each : snapshots) {
      int number = decisions.size() + 1;
      decisions.add(
          number <= count
              ? new Decision(each, true, List.of("last " + number + " of " + count), last)
              : new Decision(each, false, List.of(), Set.of()));
    }
    return decisions;
  }
}
