package dev.copperplate.backup.postgres.dump;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Asks which tables there are, in the order of their names. One that vanishes meanwhile has no
 * privileges, and counts as readable.
 */
final class TableList {

  private static final String TABLES =
      """
      SELECT c.oid, n.nspname, c.relname, c.relkind = 'r' AS stored,
        coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE')
          AND pg_catalog.has_table_privilege(c.oid, 'SELECT'), true) AS readable,
        pg_catalog.row_security_active(c.oid) AS filtered,
        coalesce((SELECT a.amname = 'heap' FROM pg_catalog.pg_am a WHERE a.oid = c.relam), false) AS ranged,
        %s AS pages,
        ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid
          AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum) AS columns,
        e.place IS NOT NULL AS extension, coalesce(e.extcondition[e.place], '') AS condition
      FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN (SELECT x.extcondition, i.place, x.extconfig[i.place] AS relation
          FROM pg_catalog.pg_extension x,
            pg_catalog.generate_subscripts(x.extconfig, 1) AS i (place)) e ON e.relation = c.oid
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (e.place IS NOT NULL OR NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'))
      ORDER BY n.nspname, c.relname\
      """;

  /** Waits for whoever holds the lock of a table. */
  private static final String PAGES =
      """
      CASE WHEN c.relkind = 'r' AND %s THEN coalesce((pg_catalog.pg_relation_size(c.oid) - 1)
        / pg_catalog.current_setting('block_size')::bigint + 1, 0) ELSE 0 END\
      """;

  private TableList() {}

  /** Those that there are, without their size, and without waiting for anybody. */
  static List<TableRef> look(DumpSession session) throws SQLException {
    return read(session, TABLES.replace("%s", "0"));
  }

  /** Those that there are. */
  static List<TableRef> read(DumpSession session) throws SQLException {
    return read(session, TABLES.replace("%s", PAGES.replace("%s", "true")));
  }

  /** The same, but without asking for the size of others than some, which are locked already. */
  static List<TableRef> read(DumpSession session, List<TableRef> some) throws SQLException {
    String numbers =
        some.stream().map(each -> Long.toString(each.oid())).collect(Collectors.joining(","));
    String known = "c.oid = ANY ('{" + numbers + "}')";
    return read(session, TABLES.replace("%s", PAGES.replace("%s", known)));
  }

  private static List<TableRef> read(DumpSession session, String query) throws SQLException {
    List<TableRef> tables = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        tables.add(table(rows));
      }
    }
    return tables;
  }

  private static TableRef table(ResultSet row) throws SQLException {
    return new TableRef(
        row.getLong("oid"),
        row.getString("nspname"),
        row.getString("relname"),
        row.getBoolean("stored"),
        row.getBoolean("readable"),
        row.getBoolean("filtered"),
        row.getBoolean("ranged"),
        row.getLong("pages"),
        texts(row.getArray("columns")),
        row.getBoolean("extension"),
        row.getString("condition"));
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }
}
