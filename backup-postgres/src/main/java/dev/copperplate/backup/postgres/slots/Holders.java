package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.SlotHolder;
import dev.copperplate.backup.postgres.SlotHolder.Kind;
import java.sql.SQLException;
import java.util.List;

/** Finds out who holds what. */
final class Holders {

  /** By their locks, which everybody may see. The oldest first; identifiers wrap around. */
  private static final String TRANSACTIONS =
      """
      SELECT coalesce(l.pid, 0) AS pid, l.transactionid AS transaction, coalesce(p.gid, a.application_name) AS name, p.gid IS NOT NULL AS prepared,
        coalesce(p.owner, a.usename) AS role, a.client_addr AS client, a.state,
        nullif(pg_catalog.concat_ws(':', a.wait_event_type, a.wait_event), '') AS wait,
        pg_catalog.date_trunc('second', coalesce(p.prepared, a.xact_start)) AS since
      FROM pg_catalog.pg_locks l
        LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
        LEFT JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = l.transactionid
      WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
        AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid() AND (l.pid IS NOT NULL OR p.gid IS NOT NULL)
      ORDER BY pg_catalog.age(l.transactionid) DESC LIMIT 5\
      """;

  private static final String CONSUMER =
      """
      SELECT s.active_pid AS pid, a.application_name AS name, a.usename AS role, a.client_addr AS client,
        coalesce(r.state, a.state) AS state,
        nullif(pg_catalog.concat_ws(':', a.wait_event_type, a.wait_event), '') AS wait,
        pg_catalog.date_trunc('second', r.reply_time) AS since
      FROM pg_catalog.pg_replication_slots s
        LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid
        LEFT JOIN pg_catalog.pg_stat_replication r ON r.pid = s.active_pid
      WHERE s.slot_name = ? AND s.active_pid IS NOT NULL\
      """;

  private Holders() {}

  /** Transactions that write, the oldest first, some of them. */
  static List<SlotHolder> transactions(Session session) throws SQLException {
    return session.rows(TRANSACTIONS).stream()
        .map(row -> holder(row.flag("prepared") ? Kind.PREPARED : Kind.TRANSACTION, row))
        .toList();
  }

  /** Who is connected to the slot. */
  static List<SlotHolder> consumer(Session session, String slot) throws SQLException {
    return session.rows(CONSUMER, slot).stream().map(row -> holder(Kind.CONSUMER, row)).toList();
  }

  private static SlotHolder holder(Kind kind, Row row) {
    return new SlotHolder(
        kind,
        (int) row.number("pid"),
        row.text("transaction"),
        row.text("name"),
        row.text("role"),
        row.text("client"),
        row.text("state"),
        row.text("wait"),
        row.text("since"));
  }
}
