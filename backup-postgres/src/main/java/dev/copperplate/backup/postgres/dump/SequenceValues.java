package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes where sequences stand. They do not belong to a moment: what they had given out when the
 * rows were read, they have given out here, too.
 */
final class SequenceValues {

  private static final int AT_ONCE = 200;

  private static final String SEQUENCES =
      """
      SELECT n.nspname, c.relname, pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        AND pg_catalog.has_sequence_privilege(c.oid, 'SELECT') AS readable
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (EXISTS (SELECT FROM pg_catalog.pg_extension x WHERE c.oid = ANY (x.extconfig))
          OR NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'))
      ORDER BY n.nspname, c.relname\
      """;

  private SequenceValues() {}

  static void write(DumpSession session, SqlOutput output) throws IOException, SQLException {
    List<String> names = names(session);
    for (int from = 0; from < names.size(); from += AT_ONCE) {
      write(session, names.subList(from, Math.min(from + AT_ONCE, names.size())), output);
    }
  }

  private static List<String> names(DumpSession session) throws IOException, SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(SEQUENCES)) {
      while (rows.next()) {
        String name = SqlText.name(rows.getString("nspname"), rows.getString("relname"));
        if (!rows.getBoolean("readable")) {
          throw new BackupException(
              Kind.DENIED,
              "The role may not read sequence "
                  + name
                  + ": grant it pg_read_all_data, or SELECT on the sequence and USAGE of its"
                  + " schema");
        }
        names.add(name);
      }
    }
    return names;
  }

  private static void write(DumpSession session, List<String> names, SqlOutput output)
      throws IOException, SQLException {
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      query.append(i == 0 ? "" : " UNION ALL ").append("SELECT ").append(i);
      query.append(" AS place, last_value, is_called FROM ").append(names.get(i));
    }
    query.append(" ORDER BY place");
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(query.toString())) {
      while (rows.next()) {
        output.statement(
            "SELECT pg_catalog.setval(",
            SqlText.literal(names.get(rows.getInt("place"))),
            ", ",
            Long.toString(rows.getLong("last_value")),
            rows.getBoolean("is_called") ? ", true)" : ", false)");
      }
    }
  }
}
