package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.dump.DumpedTable.Sequence;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Finds names that nothing has yet. */
final class NameSearch {

  private static final String TAKEN =
      """
      SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ?)\
      """;

  private final LiveSession session;
  private final Set<TableName> promised = new HashSet<>();

  NameSearch(LiveSession session) {
    this.session = session;
  }

  boolean isFree(TableName name) throws SQLException {
    return !promised.contains(name) && !session.is(TAKEN, name.schema(), name.name());
  }

  /** New names of all sequences of a tree: the old ones, where the tables keep theirs. */
  Map<TableName, TableName> sequences(TableTree tree) throws SQLException {
    Map<TableName, TableName> names = new HashMap<>();
    for (TableTree table : tree.all()) {
      for (Sequence each : table.table().sequences()) {
        TableName stored = new TableName(each.schema(), each.name());
        names.put(stored, free(wanted(table, stored, each.column())));
      }
    }
    return names;
  }

  private static TableName wanted(TableTree table, TableName stored, String column) {
    if (!table.isRenamed()) {
      return stored;
    }
    TableName target = table.target();
    return target.name().equals(table.stored().name())
        ? new TableName(target.schema(), stored.name())
        : new TableName(target.schema(), cut(target.name(), "_" + column + "_seq"));
  }

  /** The name, or one with a number behind it. */
  private TableName free(TableName wanted) throws SQLException {
    TableName name = wanted;
    for (int i = 1; !isFree(name); i++) {
      name = new TableName(wanted.schema(), cut(wanted.name(), Integer.toString(i)));
    }
    promised.add(name);
    return name;
  }

  private static String cut(String name, String end) {
    String begin = name;
    String last = TableName.fits(end) ? end : "_seq";
    while (!TableName.fits(begin + last)) {
      begin = begin.substring(0, begin.offsetByCodePoints(begin.length(), -1));
    }
    return begin + last;
  }
}
