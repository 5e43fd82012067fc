package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.SlotHolder;
import dev.copperplate.backup.postgres.SlotState.Condition;
import dev.copperplate.backup.postgres.SlotStep;
import dev.copperplate.backup.postgres.SlotStep.Kind;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What can be done for a slot. */
final class Steps {

  private final Slot slot;
  private final Lsn now;
  private final Duration limit;
  private final List<SlotStep> steps = new ArrayList<>();

  private Steps(Slot slot, Lsn now, Duration limit) {
    this.slot = slot;
    this.now = now;
    this.limit = limit;
  }

  /**
   * The steps, the least harmful first.
   *
   * @param now up to where the server has written
   * @param limit how long a session that is told to end may take
   */
  static List<SlotStep> of(
      Slot slot, Condition condition, List<SlotHolder> holders, Lsn now, Duration limit) {
    Steps all = new Steps(slot, now, limit);
    if (!slot.synced()) {
      all.add(condition, holders);
    }
    return all.steps;
  }

  private void add(Condition condition, List<SlotHolder> holders) {
    holders.stream().filter(each -> each.kind() == SlotHolder.Kind.TRANSACTION).forEach(this::end);
    if (condition == Condition.WORKING || condition == Condition.BEING_CREATED) {
      return;
    }
    holders.stream()
        .filter(each -> each.kind() == SlotHolder.Kind.CONSUMER)
        .forEach(this::disconnect);
    if (condition == Condition.INVALIDATED) {
      renew();
      resume();
    } else {
      resume();
      advance();
      renew();
    }
  }

  private void end(SlotHolder holder) {
    add(
        Kind.END_TRANSACTION,
        "end transaction " + holder.transaction() + " of process " + holder.pid(),
        "",
        "SELECT pg_catalog.pg_terminate_backend(pid, "
            + limit.toMillis()
            + ") AS done FROM pg_catalog.pg_locks WHERE locktype = 'transactionid'"
            + " AND mode = 'ExclusiveLock' AND granted AND pid = "
            + holder.pid()
            + " AND transactionid = "
            + SqlText.literal(holder.transaction()),
        "rolls back what it has written, and ends its session. " + holder);
  }

  private void disconnect(SlotHolder holder) {
    add(
        Kind.DISCONNECT,
        "disconnect process " + holder.pid() + " from " + slot.name(),
        "",
        "SELECT pg_catalog.pg_terminate_backend(active_pid, "
            + limit.toMillis()
            + ") AS done FROM pg_catalog.pg_replication_slots WHERE "
            + named()
            + " AND active_pid = "
            + holder.pid(),
        "ends the connection of its consumer, which loses nothing. " + holder);
  }

  private void resume() {
    add(
        Kind.RESUME,
        "resume the consumer of " + slot.name(),
        "",
        "",
        slot.invalidated()
            ? "start it on the new slot, and let it read its tables anew"
            : "start it again where it is stopped: it goes on at " + position());
  }

  private void advance() {
    if (!slot.logical() || !slot.confirmed().isBefore(now)) {
      return;
    }
    add(
        Kind.ADVANCE,
        "advance " + slot.name() + " to " + now,
        slot.database(),
        "SELECT (pg_catalog.pg_replication_slot_advance(slot_name, '"
            + now
            + "')).end_lsn AS position FROM pg_catalog.pg_replication_slots WHERE "
            + unmoved(),
        "lets the log go; changes between "
            + slot.confirmed()
            + " and "
            + now
            + " never reach its consumer");
  }

  private void renew() {
    add(
        Kind.DROP,
        "drop " + slot.name(),
        "",
        "SELECT pg_catalog.pg_drop_replication_slot(slot_name) FROM pg_catalog.pg_replication_slots WHERE "
            + unmoved(),
        "removes the slot and lets the log go; what came after "
            + position()
            + " is lost to its consumer");
    add(
        Kind.CREATE,
        "create " + slot.name(),
        slot.database(),
        Statements.create(slot)
            + " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots WHERE "
            + named()
            + ")",
        "creates it as it was, beginning now");
  }

  private Lsn position() {
    return slot.logical() ? slot.confirmed() : slot.restart();
  }

  private String named() {
    return "slot_name = " + SqlText.literal(slot.name());
  }

  /** Also a slot that was invalidated meanwhile is another one. */
  private String unmoved() {
    return named()
        + " AND NOT active AND confirmed_flush_lsn IS NOT DISTINCT FROM "
        + lsn(slot.confirmed())
        + " AND restart_lsn IS NOT DISTINCT FROM "
        + lsn(slot.restart());
  }

  private static String lsn(Lsn lsn) {
    return (lsn.equals(Lsn.NONE) ? "NULL" : "'" + lsn + "'") + "::pg_catalog.pg_lsn";
  }

  private void add(Kind kind, String name, String database, String sql, String effect) {
    steps.add(new SlotStep(kind, slot.name(), name, database, sql, effect, slot.confirmed()));
  }
}
