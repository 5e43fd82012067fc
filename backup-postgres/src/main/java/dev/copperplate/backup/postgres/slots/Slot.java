package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.Lsn;

/**
 * A replication slot that outlives its session. What a version of the server does not know is empty
 * or false.
 *
 * @param plugin of a logical slot; empty for a physical one
 * @param database of a logical slot; empty for a physical one
 * @param failover whether standbys keep a copy
 * @param synced whether it is such a copy
 * @param confirmed up to where the consumer of a logical slot has taken everything
 * @param restart from where it keeps the log; {@link Lsn#NONE} if it keeps none
 * @param walStatus such as {@code reserved} or {@code lost}
 * @param safeWalSize bytes that can be written until it may be lost; empty without a limit
 * @param inactiveSince a time of the server's clock; empty while it is active
 * @param conflicting whether it was invalidated by a conflict with recovery
 * @param invalidation why it was invalidated; empty if it was not, and below 17
 * @param active whether somebody uses it
 */
public record Slot(
    String name,
    String plugin,
    String database,
    boolean twoPhase,
    boolean failover,
    boolean synced,
    Lsn confirmed,
    Lsn restart,
    String walStatus,
    String safeWalSize,
    String inactiveSince,
    boolean conflicting,
    String invalidation,
    boolean active) {

  private static final String LOST = "lost";

  static Slot of(Row row) {
    return new Slot(
        row.text("slot_name"),
        row.text("plugin"),
        row.text("database"),
        row.flag("two_phase"),
        row.flag("failover"),
        row.flag("synced"),
        row.lsn("confirmed_flush_lsn"),
        row.lsn("restart_lsn"),
        row.text("wal_status"),
        row.text("safe_wal_size"),
        row.text("inactive_since"),
        row.flag("conflicting"),
        row.text("invalidation_reason"),
        row.flag("active"));
  }

  static Slot of(Line line) {
    return new Slot(
        line.text("name"),
        line.text("plugin"),
        line.text("database"),
        line.flag("twoPhase"),
        line.flag("failover"),
        line.flag("synced"),
        line.lsn("confirmedFlushLsn"),
        line.lsn("restartLsn"),
        line.text("walStatus"),
        line.text("safeWalSize"),
        line.text("inactiveSince"),
        line.flag("conflicting"),
        line.text("invalidationReason"),
        line.flag("active"));
  }

  Line line() {
    return new Line()
        .with("name", name)
        .with("plugin", plugin)
        .with("database", database)
        .with("twoPhase", twoPhase)
        .with("failover", failover)
        .with("synced", synced)
        .with("confirmedFlushLsn", confirmed)
        .with("restartLsn", restart)
        .with("walStatus", walStatus)
        .with("safeWalSize", safeWalSize)
        .with("inactiveSince", inactiveSince)
        .with("conflicting", conflicting)
        .with("invalidationReason", invalidation)
        .with("active", active);
  }

  public boolean logical() {
    return !plugin.isEmpty();
  }

  /** Whether its creation waits for old transactions, so that nobody can use it yet. */
  public boolean beingCreated() {
    return logical() && confirmed.equals(Lsn.NONE);
  }

  /** Whether nothing can be read from it any more. */
  public boolean invalidated() {
    return walStatus.equals(LOST) || conflicting || !invalidation.isEmpty();
  }

  /** The same without copies on standbys, for servers that know none. */
  Slot withoutFailover() {
    return new Slot(
        name,
        plugin,
        database,
        twoPhase,
        false,
        false,
        confirmed,
        restart,
        walStatus,
        safeWalSize,
        inactiveSince,
        conflicting,
        invalidation,
        active);
  }

  /** Whether another slot was made as this one was, however far it is. */
  boolean isDefinedAs(Slot other) {
    return name.equals(other.name)
        && plugin.equals(other.plugin)
        && database.equals(other.database)
        && twoPhase == other.twoPhase
        && failover == other.failover;
  }
}
