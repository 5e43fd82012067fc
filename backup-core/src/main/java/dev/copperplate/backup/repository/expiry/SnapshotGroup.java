package dev.copperplate.backup.repository.expiry;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.read.ListedSnapshot;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The snapshots of one source in one environment.
 *
 * @param source which source
 * @param environment in which environment
 * @param snapshots all of them, newest first by the times that count
 */
public record SnapshotGroup(SourceId source, String environment, List<DatedSnapshot> snapshots) {

  private record Key(SourceId source, String environment) {}

  /**
   * Sorts snapshots into groups.
   *
   * @param ahead how far a snapshot's time may lie behind its arrival before it does not count
   */
  public static List<SnapshotGroup> of(Collection<ListedSnapshot> stored, Duration ahead) {
    Map<Key, List<DatedSnapshot>> groups = new LinkedHashMap<>();
    for (ListedSnapshot each : stored) {
      Snapshot snapshot = each.snapshot();
      groups
          .computeIfAbsent(
              new Key(snapshot.source(), snapshot.environment()), any -> new ArrayList<>())
          .add(DatedSnapshot.of(each, ahead));
    }
    List<SnapshotGroup> sorted = new ArrayList<>();
    groups.forEach(
        (key, members) -> {
          members.sort(Comparator.comparing(DatedSnapshot::dated, SnapshotCatalog.NEWEST_FIRST));
          sorted.add(new SnapshotGroup(key.source(), key.environment(), List.copyOf(members)));
        });
    return sorted;
  }

  /** The newest that is not damaged. */
  public Optional<Snapshot> newestGood() {
    return snapshots.stream()
        .filter(DatedSnapshot::isGood)
        .map(DatedSnapshot::snapshot)
        .findFirst();
  }

  @Override
  public String toString() {
    return source + " in " + environment;
  }
}
