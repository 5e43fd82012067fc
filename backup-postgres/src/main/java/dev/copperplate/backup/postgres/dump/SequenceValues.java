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
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the sequences of a database stand. They do not belong to a moment: whatever the rows of a
 * moment were given out, they had given out when they are read after it. Nothing locks them, so
 * they are read soon, and some may be gone, or be something else by now, which is not touched.
 */
final class SequenceValues {

  private static final int AT_ONCE = 200;

  private static final String SEQUENCES =
      """
      SELECT n.nspname, c.relname, coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        AND pg_catalog.has_sequence_privilege(c.oid, 'SELECT'), true) AS readable,
        (SELECT d.refobjid FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.objsubid = 0
            AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
          LIMIT 1) AS owner
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (EXISTS (SELECT FROM pg_catalog.pg_extension x WHERE c.oid = ANY (x.extconfig))
          OR NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'))
      ORDER BY n.nspname, c.relname\
      """;

  /** No such relation, schema or column; a view, which we run none of; of another type. */
  private static final Set<String> GONE = Set.of("42P01", "3F000", "42703", "55000", "42804");

  private final List<String> statements = new ArrayList<>();
  private final List<String> gone = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();

  private SequenceValues() {}

  /** Those of tables that the role may not read are left out as the tables are. */
  static SequenceValues read(Moment moment, boolean alone) throws IOException, SQLException {
    SequenceValues values = new SequenceValues();
    DumpSession session = moment.session();
    List<String> names = values.names(moment, alone);
    for (int from = 0; from < names.size(); from += AT_ONCE) {
      values.read(session, names.subList(from, Math.min(from + AT_ONCE, names.size())));
    }
    return values;
  }

  private List<String> names(Moment moment, boolean alone) throws IOException, SQLException {
    Set<Long> tables =
        moment.tables().stream()
            .filter(each -> !each.readable())
            .map(TableRef::oid)
            .collect(Collectors.toSet());
    Set<Long> all = moment.tables().stream().map(TableRef::oid).collect(Collectors.toSet());
    List<String> names = new ArrayList<>();
    try (Statement statement = moment.session().statement();
        ResultSet rows = statement.executeQuery(SEQUENCES)) {
      while (rows.next()) {
        if (alone && !all.contains(rows.getLong("owner"))) {
          continue;
        }
        String name = SqlText.name(rows.getString("nspname"), rows.getString("relname"));
        if (!rows.getBoolean("readable")) {
          if (tables.contains(rows.getLong("owner"))) {
            closed.add(name);
            continue;
          }
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

  private void read(DumpSession session, List<String> names) throws SQLException {
    List<String> read = new ArrayList<>();
    if (session.attempt(() -> values(session, names, read), SequenceValues::isGone)) {
      statements.addAll(read);
    } else if (names.size() == 1) {
      gone.addAll(names);
    } else {
      for (String each : names) {
        read(session, List.of(each));
      }
    }
  }

  private static boolean isGone(SQLException e) {
    return e.getSQLState() != null && GONE.contains(e.getSQLState());
  }

  private static void values(DumpSession session, List<String> names, List<String> statements)
      throws SQLException {
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      query.append(i == 0 ? "" : " UNION ALL ").append("SELECT ").append(i);
      query.append(" AS place, last_value, is_called FROM ").append(names.get(i));
    }
    query.append(" ORDER BY place");
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(query.toString())) {
      while (rows.next()) {
        statements.add(
            "SELECT pg_catalog.setval("
                + SqlText.literal(names.get(rows.getInt("place")))
                + ", "
                + rows.getLong("last_value")
                + (rows.getBoolean("is_called") ? ", true)" : ", false)"));
      }
    }
  }

  /** Those that were there at the moment, and no longer when they were read. */
  List<String> gone() {
    return List.copyOf(gone);
  }

  /** Those that the role may not read, of tables that it may not read. */
  List<String> closed() {
    return List.copyOf(closed);
  }

  void write(SqlOutput output) throws IOException {
    for (String each : statements) {
      output.statement(each);
    }
  }
}
