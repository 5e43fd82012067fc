package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.postgres.inventory.BaseReach;
import dev.copperplate.backup.postgres.inventory.Cluster;
import dev.copperplate.backup.postgres.inventory.StoredBase;
import dev.copperplate.backup.postgres.inventory.StoredBases;
import dev.copperplate.backup.postgres.inventory.StoredWal;
import dev.copperplate.backup.postgres.inventory.WalSearch;
import dev.copperplate.backup.postgres.wal.WalRange;
import dev.copperplate.backup.postgres.wal.WalRanges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * From when to when one cluster can be recovered.
 *
 * @param windows oldest first; several where WAL is missing in between, where timelines parted, or
 *     the name stood for several clusters. A base behind which no WAL is stored, such as one that
 *     is older than the {@linkplain PostgresWalRetention#recoveryWindow recovery window}, is one
 *     point
 * @param gaps WAL that is missing behind the oldest base and between the oldest and the newest WAL
 *     that is stored
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
   * manifest and the names of the files of each, no content, and of commits whose data another one
   * has nothing. Damaged bases, and those that build on one that is damaged or gone, count for
   * nothing.
   *
   * @throws IOException if the repository cannot be read
   */
  public static RecoverableWindows of(Snapshots snapshots, String name) throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<StoredBase> bases = new ArrayList<>();
    new StoredBases(snapshots, name, (base, unreadable, why) -> findings.add(why))
        .each((base, reader) -> bases.add(base));
    List<BaseReach> reaches = new ArrayList<>();
    if (!bases.isEmpty()) {
      Map<Cluster, StoredWal> all = new WalSearch(snapshots, name, findings::add).all();
      for (StoredBase each : bases) {
        Cluster cluster = each.facts().cluster();
        StoredWal wal = all.getOrDefault(cluster, new StoredWal(cluster.segments()));
        reaches.addAll(BaseReach.all(each, wal));
      }
    }
    return new RecoverableWindows(windows(reaches), gaps(reaches), findings);
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

  /** Before the oldest WAL that was archived each base is a point: nothing is expected there. */
  private static WalRange fromOldest(List<BaseReach> way, WalRanges all) {
    Lsn newest = all.ranges().get(all.ranges().size() - 1).to();
    Lsn base = way.stream().map(each -> each.facts().end()).min(Comparator.naturalOrder()).get();
    Lsn archived = way.get(0).archived().orElse(newest);
    Lsn oldest = base.isBefore(archived) ? archived : base;
    return new WalRange(oldest, newest.isBefore(oldest) ? oldest : newest);
  }
}
