package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.wal.WalRange;
import dev.copperplate.backup.postgres.wal.WalRanges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From when to when one cluster can be recovered.
 *
 * @param windows oldest first; several where WAL is missing in between, where timelines parted, or
 *     where the name stood for several clusters
 * @param gaps WAL that is missing between the oldest base and the newest WAL
 * @param findings snapshots that cannot be read and were left out
 */
public record RecoverableWindows(
    List<RecoverableWindow> windows, List<WalGap> gaps, List<Finding> findings) {

  public RecoverableWindows {
    windows = List.copyOf(windows);
    gaps = List.copyOf(gaps);
    findings = List.copyOf(findings);
  }

  /**
   * Looks at all bases {@code postgres:NAME} and all WAL {@code postgres-wal:NAME}. Reads the
   * manifest and the names of the files of each, no content. Damaged bases, and those whose parent
   * is gone, count for nothing.
   *
   * @throws IOException if the repository cannot be read
   */
  public static RecoverableWindows of(Snapshots snapshots, String name) throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<BaseReach> reaches = new ArrayList<>();
    Map<List<Object>, StoredWal> clusters = new HashMap<>();
    WalSearch search = new WalSearch(snapshots, name, findings::add);
    for (Map.Entry<Snapshot, BaseFacts> each : bases(snapshots, name, findings).entrySet()) {
      BaseFacts facts = each.getValue();
      List<Object> cluster = List.of(facts.identity(), facts.segments());
      StoredWal wal = clusters.get(cluster);
      if (wal == null) {
        wal = search.of(facts.identity(), facts.segments());
        clusters.put(cluster, wal);
      }
      reaches.addAll(BaseReach.all(each.getKey(), facts, wal));
    }
    return new RecoverableWindows(windows(reaches), gaps(reaches), findings);
  }

  private static Map<Snapshot, BaseFacts> bases(
      Snapshots snapshots, String name, List<Finding> findings) throws IOException {
    SourceId source = new SourceId(PostgresPhysicalSource.TYPE, name);
    Set<RunId> runs =
        snapshots.list(SnapshotFilter.of(source)).stream()
            .map(Snapshot::run)
            .collect(Collectors.toSet());
    Map<Snapshot, BaseFacts> bases = new LinkedHashMap<>();
    for (Snapshot each : snapshots.list(SnapshotFilter.of(source))) {
      if (each.state() == SnapshotState.DAMAGED || !runs.containsAll(each.dependencies())) {
        findings.add(
            Finding.warning(
                each.source() + " of " + each.time(), "is damaged, or its parent is gone", ""));
        continue;
      }
      try (SnapshotReader reader = snapshots.open(each)) {
        bases.put(each, BaseFacts.of(each, reader.manifest()));
      } catch (BackupException failure) {
        boolean ofThisOne = failure.kind() == BackupException.Kind.INVALID;
        if (!ofThisOne && !WalSearch.isOfTheSnapshot(failure)) {
          throw failure;
        }
        findings.add(
            Finding.warning(
                each.source() + " of " + each.time(), String.valueOf(failure.getMessage()), ""));
      }
    }
    return bases;
  }

  /** Those of all bases from which recovery ends at the same place are one. */
  private static List<RecoverableWindow> windows(List<BaseReach> reaches) {
    Map<List<Object>, RecoverableWindow> windows = new LinkedHashMap<>();
    reaches.stream()
        .filter(each -> reaches.stream().noneMatch(each::isWithin))
        .sorted(Comparator.comparing((BaseReach each) -> each.facts().end()))
        .map(BaseReach::window)
        .forEach(
            each ->
                windows.merge(
                    List.of(each.identity(), each.timeline(), each.toLsn()),
                    each,
                    RecoverableWindows::joined));
    return List.copyOf(windows.values());
  }

  private static RecoverableWindow joined(RecoverableWindow one, RecoverableWindow later) {
    List<Snapshot> bases = new ArrayList<>(one.bases());
    bases.addAll(later.bases());
    return new RecoverableWindow(
        one.identity(),
        one.timeline(),
        one.from(),
        one.to().isAfter(later.to()) ? one.to() : later.to(),
        one.fromLsn(),
        one.toLsn(),
        bases);
  }

  private static List<WalGap> gaps(List<BaseReach> reaches) {
    Map<List<Object>, List<BaseReach>> ways =
        reaches.stream()
            .filter(each -> reaches.stream().noneMatch(each::isWithin))
            .collect(
                Collectors.groupingBy(
                    each -> List.of(each.facts().identity(), each.way().timeline()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    List<WalGap> gaps = new ArrayList<>();
    for (List<BaseReach> way : ways.values()) {
      WalRanges all = WalRanges.NONE;
      for (BaseReach each : way) {
        all = all.and(each.ranges());
      }
      BaseReach any = way.get(0);
      for (WalRange each : all.gaps(fromOldest(way, all))) {
        gaps.add(new WalGap(any.facts().identity(), any.way().timeline(), each.from(), each.to()));
      }
    }
    return gaps;
  }

  private static WalRange fromOldest(List<BaseReach> way, WalRanges all) {
    Lsn oldest = way.stream().map(each -> each.facts().end()).min(Comparator.naturalOrder()).get();
    Lsn newest = all.ranges().get(all.ranges().size() - 1).to();
    return new WalRange(oldest, newest.isBefore(oldest) ? oldest : newest);
  }
}
