package dev.copperplate.backup.postgres.inventory;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import java.time.Instant;
import java.util.Optional;

/**
 * A base from which a server can be restored.
 *
 * @param snapshot where it is
 * @param facts what it says of itself
 */
public record StoredBase(Snapshot snapshot, BaseFacts facts) {

  /**
   * By when it had ended, if that was noted. Not before its capture had begun: of two clocks that
   * differ the later counts.
   */
  Optional<Instant> ended() {
    return facts.ended().map(each -> each.isBefore(snapshot.time()) ? snapshot.time() : each);
  }

  public boolean endedBefore(Instant time) {
    return ended().filter(each -> each.isBefore(time)).isPresent();
  }

  /** Whether the way to a timeline passes its end: recovery from it comes to that timeline. */
  public boolean isOn(TimelineHistory way) {
    Optional<Lsn> left = way.endOf(facts.timeline());
    return way.timeline() == facts.timeline()
        || left.filter(each -> !each.isBefore(facts.end())).isPresent();
  }
}
