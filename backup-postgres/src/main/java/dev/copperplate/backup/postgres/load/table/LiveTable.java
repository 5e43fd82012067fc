package dev.copperplate.backup.postgres.load.table;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table that is there already.
 *
 * @param kind as in {@code pg_class.relkind}
 * @param rows an estimate; negative if none was made
 * @param columns that {@code COPY} can write
 * @param triggers that an insert or a truncation would fire
 * @param referrers other tables with foreign keys to it
 * @param referenced other tables to which it has foreign keys
 */
record LiveTable(
    long oid,
    TableName name,
    char kind,
    String owner,
    long rows,
    List<String> columns,
    List<LiveTrigger> triggers,
    List<String> referrers,
    List<String> referenced) {

  private static final String TABLE =
      """
      SELECT c.oid, c.relkind, pg_catalog.pg_get_userbyid(c.relowner),
        CASE c.relkind WHEN 'p' THEN (SELECT pg_catalog.sum(l.reltuples) FROM pg_catalog.pg_partition_tree(c.oid) t
          JOIN pg_catalog.pg_class l ON l.oid = t.relid WHERE t.isleaf) ELSE c.reltuples END::bigint
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ?\
      """;

  /** The table with its partitions. */
  private static final String TREE =
      "(SELECT ?::bigint::oid UNION SELECT t.relid FROM pg_catalog.pg_partition_tree(?::bigint::oid) t)";

  private static final String COLUMNS =
      """
      SELECT attname FROM pg_catalog.pg_attribute
      WHERE attrelid = ?::bigint::oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum\
      """;

  /** Also those that partitions have from their parents, but none of constraints. */
  private static final String TRIGGERS =
      """
      SELECT n.nspname, c.relname, t.tgname, t.tgenabled FROM pg_catalog.pg_trigger t
        JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE t.tgrelid IN TREE AND t.tgenabled <> 'D' AND (t.tgtype & 36) <> 0
        AND (NOT t.tgisinternal OR t.tgparentid <> 0 AND t.tgconstraint = 0)
      ORDER BY n.nspname, c.relname, t.tgname\
      """;

  private static final String REFERRERS =
      """
      SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'f' AND k.confrelid IN TREE AND k.conrelid NOT IN TREE ORDER BY 1\
      """;

  private static final String REFERENCED =
      """
      SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.confrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'f' AND k.conrelid IN TREE AND k.confrelid NOT IN TREE ORDER BY 1\
      """;

  /** Empty if nothing is called so. */
  static Optional<LiveTable> find(LiveSession session, TableName name) throws SQLException {
    List<List<String>> rows = session.rows(TABLE, name.schema(), name.name());
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    List<String> row = rows.get(0);
    long oid = Long.parseLong(row.get(0));
    return Optional.of(
        new LiveTable(
            oid,
            name,
            row.get(1).charAt(0),
            row.get(2),
            Long.parseLong(row.get(3)),
            session.values(COLUMNS, oid),
            triggers(session, oid),
            session.values(inTree(REFERRERS), oid, oid, oid, oid),
            session.values(inTree(REFERENCED), oid, oid, oid, oid)));
  }

  private static String inTree(String query) {
    return query.replace("TREE", TREE);
  }

  private static List<LiveTrigger> triggers(LiveSession session, long oid) throws SQLException {
    List<LiveTrigger> triggers = new ArrayList<>();
    for (List<String> row : session.rows(inTree(TRIGGERS), oid, oid)) {
      triggers.add(
          new LiveTrigger(new TableName(row.get(0), row.get(1)), row.get(2), row.get(3).charAt(0)));
    }
    return triggers;
  }

  boolean isTable() {
    return kind == 'r' || kind == 'p';
  }

  /** Of an inheritance parent only its own rows, of a partitioned table all. */
  String ownRows() {
    return (kind == 'p' ? "" : "ONLY ") + name.sql();
  }

  boolean isEmpty(LiveSession session) throws SQLException {
    return session.is("SELECT NOT EXISTS (SELECT FROM " + ownRows() + ")");
  }
}
