package dev.copperplate.backup.postgres.inventory;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.RecoverableWindow;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import dev.copperplate.backup.postgres.wal.WalRange;
import dev.copperplate.backup.postgres.wal.WalRanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How far recovery goes from a base along a timeline.
 *
 * @param base the snapshot to begin with
 * @param facts what it says of itself
 * @param way the timeline to recover along
 * @param wal what is stored
 */
public record BaseReach(Snapshot base, BaseFacts facts, TimelineHistory way, StoredWal wal) {

  private BaseReach(StoredBase base, TimelineHistory way, StoredWal wal) {
    this(base.snapshot(), base.facts(), way, wal);
  }

  /** Along each timeline on which the base lies; that of the highest number last. */
  public static List<BaseReach> all(StoredBase base, StoredWal wal) {
    List<BaseReach> all = new ArrayList<>();
    int own = base.facts().timeline();
    all.add(new BaseReach(base, wal.history(own).orElse(TimelineHistory.without(own)), wal));
    wal.histories().stream()
        .filter(each -> each.timeline() != own && base.isOn(each))
        .sorted(Comparator.comparing(TimelineHistory::timeline))
        .forEach(each -> all.add(new BaseReach(base, each, wal)));
    return all;
  }

  /** All WAL along the way: what the base itself holds, and what was archived. */
  public WalRanges ranges() {
    WalRange own = new WalRange(facts.start(), facts.end());
    return wal.along(way).and(WalRanges.of(List.of(own)));
  }

  /** Where the WAL begins that was archived. */
  public Optional<Lsn> archived() {
    return wal.along(way).ranges().stream().map(WalRange::from).findFirst();
  }

  /** The byte behind the last to which recovery comes. */
  public Lsn end() {
    return ranges().reach(facts.end());
  }

  /** The end of the base; where nobody noted it, a time by which it had ended, if one is known. */
  Instant from() {
    Optional<Instant> archived =
        commitsOnTheWay().stream()
            .filter(each -> !each.end().isBefore(facts.end()))
            .map(WalCommit::time)
            .min(Comparator.naturalOrder());
    return facts.ended().or(() -> archived).orElse(base.time());
  }

  /** When the last of what can be reached had been received. */
  public Instant to() {
    Lsn end = end();
    return commitsOnTheWay().stream()
        .filter(each -> !end.isBefore(each.end()))
        .map(WalCommit::time)
        .filter(each -> each.isAfter(from()))
        .max(Comparator.naturalOrder())
        .orElse(from());
  }

  private List<WalCommit> commitsOnTheWay() {
    return wal.commits().stream()
        .filter(
            each ->
                each.timeline() == way.timeline()
                    || way.endOf(each.timeline())
                        .filter(left -> !left.isBefore(each.end()))
                        .isPresent())
        .toList();
  }

  /** Up to where WAL is surely wanted for a time: an hour more, for clocks that differ. */
  public Optional<Lsn> surelyBehind(Instant time) {
    Instant later = time.plusSeconds(3600);
    return commitsOnTheWay().stream()
        .filter(each -> each.time().isAfter(later))
        .map(WalCommit::end)
        .min(Comparator.naturalOrder());
  }

  /** Whether another way comes as far and further. */
  public boolean isWithin(BaseReach other) {
    return other.way.timeline() != way.timeline()
        && other.base.equals(base)
        && other.way.endOf(way.timeline()).filter(left -> !left.isBefore(end())).isPresent();
  }

  public RecoverableWindow window() {
    return new RecoverableWindow(
        facts.identity(), way.timeline(), from(), to(), facts.end(), end(), List.of(base));
  }
}
