package dev.copperplate.backup.postgres;

import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.postgres.inventory.WalCommit;
import dev.copperplate.backup.postgres.inventory.WalCommits;
import dev.copperplate.backup.postgres.retention.ClusterSnapshots;
import dev.copperplate.backup.postgres.retention.WalInventory;
import dev.copperplate.backup.postgres.retention.WalVerdicts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * How long the WAL of an archiver is kept: from the oldest base on that recovery may begin with.
 * WAL has no worth of its own, so its retention follows from the bases that are there.
 *
 * <pre>{@code
 * PostgresWalRetention wal = PostgresWalRetention.of("orders").recoveryWindow(Duration.ofDays(7));
 * repository.expire(repository.plan(wal.filter(), wal.policy(repository, clock.instant())));
 * }</pre>
 *
 * <p>First the bases are expired, with whatever policy, then the WAL: what a base needed that is
 * gone goes with it, and what one needs that is still there, because it is held, proved or built
 * upon, stays. Bases from before the recovery window are left as they are; each holds the WAL with
 * which it is recovered to its own end, and nothing between two of them can be reached any more.
 *
 * <p><b>What goes.</b> A commit that another one replaces, as with {@link
 * dev.copperplate.backup.retention.RetentionPolicies#unreplaced unreplaced()}; and one that ends at
 * or before the start of every base that recovery begins with, on the timeline of that base or one
 * of a lower number. {@code gfs} and the like are not for WAL: what they thin out is missing
 * between two bases.
 *
 * <p><b>What stays.</b> The WAL of a system of which there is no base, because an archiver is
 * started before the first one; what cannot be read, and what it replaces; what came after the
 * policy was made; and everything but the replaced while a base that should be readable is not. The
 * reasons say so.
 *
 * <p><b>Timelines.</b> Recovery begins with a base for each timeline that was written to within the
 * window, found by the histories that were stored. So after a failover, and after the server was
 * put back to an earlier point, the old timeline and the new one stay recoverable for as long as
 * the window reaches back to them.
 *
 * <p>Damaged bases, and those that build on one that is damaged or gone, count for nothing. Bases
 * and commits that have another system identifier or another size of segments are kept apart.
 *
 * <p>Immutable and thread-safe.
 */
public final class PostgresWalRetention {

  private final String name;
  private final Optional<Duration> window;

  private PostgresWalRetention(String name, Optional<Duration> window) {
    this.name = name;
    this.window = window;
  }

  /**
   * Keeps the WAL from the oldest base on.
   *
   * @param name of the source, as the archiver and the bases have it
   */
  public static PostgresWalRetention of(String name) {
    return new PostgresWalRetention(name, Optional.empty());
  }

  /**
   * Keeps only as much as recovery to any point since then needs: from the newest base on that had
   * ended before the window began, or from the oldest if none had. The window is seen from the
   * newest commit that is not in the future, not from now: when the archiver stops, nothing goes.
   *
   * @param length longer than nothing; a day is 24 hours
   */
  public PostgresWalRetention recoveryWindow(Duration length) {
    if (length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException("A recovery window is longer than nothing: " + length);
    }
    return new PostgresWalRetention(name, Optional.of(length));
  }

  /** The snapshots that the policy is about; of others it says that they stay. */
  public SnapshotFilter filter() {
    return SnapshotFilter.of(WalCommits.source(name));
  }

  /**
   * Makes the policy out of what is there. Opens every base {@code postgres:NAME}, and every commit
   * that no other one replaces; reads their manifests. To be made anew for each plan: it goes by
   * the bases that were there.
   *
   * @param now the time of the plan, by the clock of the repository
   * @throws IOException if the repository cannot be read
   */
  public RetentionPolicy policy(Snapshots repository, Instant now) throws IOException {
    WalInventory inventory = WalInventory.of(repository, name);
    return new WalVerdicts(inventory, known -> beginning(known, now))
        .policy(WalCommits.source(name));
  }

  private Instant beginning(ClusterSnapshots known, Instant now) {
    Instant newest =
        known.commits().stream()
            .map(WalCommit::time)
            .filter(each -> !each.isAfter(now))
            .max(Comparator.naturalOrder())
            .orElse(now);
    return window
        .filter(length -> Duration.between(Instant.MIN, newest).compareTo(length) >= 0)
        .map(newest::minus)
        .orElse(Instant.MIN);
  }
}
