package dev.copperplate.backup.repository.expiry;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.read.ListedSnapshot;
import java.time.Duration;
import java.time.Instant;

/**
 * A snapshot at the time that counts for retention: its own, or that of its arrival if its own lies
 * further ahead than clocks differ. No snapshot was made after it had arrived, so one that says so
 * must neither stand for years to come nor pass for the newest.
 *
 * @param snapshot as it is stored
 * @param dated the same, with the time that counts
 * @param arrival when its file arrived, by the clock of the store
 */
public record DatedSnapshot(Snapshot snapshot, Snapshot dated, Instant arrival) {

  static DatedSnapshot of(ListedSnapshot listed, Duration ahead) {
    Snapshot snapshot = listed.snapshot();
    Instant arrival = listed.file().modified();
    boolean early = isAhead(snapshot.time(), arrival, ahead);
    return new DatedSnapshot(snapshot, early ? at(snapshot, arrival) : snapshot, arrival);
  }

  private static boolean isAhead(Instant time, Instant arrival, Duration ahead) {
    return Duration.between(arrival, time).compareTo(ahead) > 0;
  }

  /** Whether it counts as of its arrival, because its own time cannot be. */
  public boolean isAhead() {
    return !snapshot.time().equals(dated.time());
  }

  /** Whether it bears a time that lies longer before its arrival. */
  public boolean isLate(Duration late) {
    return Duration.between(snapshot.time(), arrival).compareTo(late) > 0;
  }

  /** Whether it can be relied on, as far as its capture knew. */
  public boolean isGood() {
    return snapshot.state() != SnapshotState.DAMAGED;
  }

  private static Snapshot at(Snapshot snapshot, Instant time) {
    return new Snapshot(
        snapshot.id(),
        snapshot.run(),
        snapshot.content(),
        snapshot.source(),
        snapshot.environment(),
        time,
        snapshot.state(),
        snapshot.dependencies(),
        snapshot.replaces(),
        snapshot.set(),
        snapshot.tags(),
        snapshot.files(),
        snapshot.bytes());
  }
}
