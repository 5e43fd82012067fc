package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tables that rows alone are loaded into. */
final class ExistingTables {

  private static final int AT_ONCE = 100;
  private static final int SHOWN = 5;

  private static final String TABLES =
      """
      SELECT '"' || pg_catalog.replace(n.nspname::text, '"', '""') || '"."'
        || pg_catalog.replace(c.relname::text, '"', '""') || '"'
      FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')\
      """;

  private static final String TRIGGERED =
      """
      SELECT pg_catalog.quote_ident(t.tgname) || ' of ' || t.tgrelid::pg_catalog.regclass
      FROM pg_catalog.pg_trigger t
      WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
        AND t.tgrelid::pg_catalog.regclass::text IN (%s) ORDER BY 1\
      """;

  private ExistingTables() {}

  /** Throws {@code NOT_FOUND} or {@code ALREADY_EXISTS} unless all are there, and empty. */
  static void require(List<DumpedTable> tables, TargetSession session)
      throws BackupException, SQLException {
    Set<String> known = new HashSet<>(session.column(TABLES));
    List<String> missing =
        tables.stream().map(ExistingTables::sql).filter(each -> !known.contains(each)).toList();
    if (!missing.isEmpty()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "The tables that the rows are of are not there: "
              + some(missing)
              + ". Let the migrations make them first, or restore definitions, too");
    }
    List<String> filled = filled(tables, session);
    if (!filled.isEmpty()) {
      throw new BackupException(
          Kind.ALREADY_EXISTS,
          "Rows are loaded into empty tables only, and these have some: "
              + some(filled)
              + ". Empty them, or restore into another database");
    }
  }

  private static String sql(DumpedTable table) {
    return SqlText.name(table.schema(), table.name());
  }

  private static List<String> filled(List<DumpedTable> tables, TargetSession session)
      throws SQLException {
    List<String> filled = new ArrayList<>();
    for (int from = 0; from < tables.size(); from += AT_ONCE) {
      List<DumpedTable> some = tables.subList(from, Math.min(from + AT_ONCE, tables.size()));
      filled.addAll(
          session.column(
              some.stream()
                  .map(
                      each ->
                          "SELECT "
                              + SqlText.literal(sql(each))
                              + " WHERE EXISTS (SELECT FROM "
                              + sql(each)
                              + ")")
                  .collect(Collectors.joining(" UNION ALL "))));
    }
    return filled;
  }

  /** Triggers that would fire, but do not. */
  static List<String> triggers(List<DumpedTable> tables, TargetSession session)
      throws SQLException {
    if (tables.isEmpty()) {
      return List.of();
    }
    String names =
        tables.stream()
            .map(each -> SqlText.literal(sql(each)) + "::pg_catalog.regclass::text")
            .collect(Collectors.joining(", "));
    return session.column(TRIGGERED.replace("%s", names));
  }

  private static String some(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
  }
}
