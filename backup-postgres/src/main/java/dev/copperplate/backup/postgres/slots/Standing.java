package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.Lsn;
import java.sql.SQLException;

/**
 * Where a server stands.
 *
 * @param identity of the system; empty if the role may not know it
 * @param version as {@code server_version_num}
 * @param timeline on which it writes, or replays; 0 if a standby does not say
 * @param lsn up to where it has written, or replayed
 * @param role as whom it was asked
 */
public record Standing(String identity, int version, int timeline, Lsn lsn, String role) {

  private static final String MAY_IDENTIFY =
      "SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AS may";

  private static final String IDENTITY =
      "SELECT system_identifier AS identity FROM pg_catalog.pg_control_system()";

  private static final String STATE =
      """
      SELECT pg_catalog.current_setting('server_version_num') AS version, current_user AS role,
        pg_catalog.pg_is_in_recovery() AS standby\
      """;

  private static final String PRIMARY =
      """
      SELECT lsn, ('x' || pg_catalog.substr(pg_catalog.pg_walfile_name(lsn), 1, 8))::bit(32)::int AS timeline
      FROM pg_catalog.pg_current_wal_lsn() lsn\
      """;

  private static final String STANDBY =
      """
      SELECT pg_catalog.pg_last_wal_replay_lsn() AS lsn,
        coalesce((SELECT received_tli FROM pg_catalog.pg_stat_wal_receiver), 0) AS timeline\
      """;

  static Standing of(Session session) throws SQLException {
    Row state = session.row(STATE);
    boolean known = session.row(MAY_IDENTIFY).flag("may");
    Row at = session.row(state.flag("standby") ? STANDBY : PRIMARY);
    return new Standing(
        known ? session.row(IDENTITY).text("identity") : "",
        (int) state.number("version"),
        (int) at.number("timeline"),
        at.lsn("lsn"),
        state.text("role"));
  }
}
