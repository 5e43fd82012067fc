package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.load.StoredRows;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tables that are loaded in one transaction: one, or some that point at each other. Their triggers
 * do not fire; their foreign keys hold.
 *
 * @param tables in order
 */
record TableGroup(List<DumpedTable> tables) {

  private static final String TRIGGERS =
      """
      SELECT 'ALTER TABLE ' || t.tgrelid::pg_catalog.regclass || ' ENABLE '
        || CASE t.tgenabled WHEN 'A' THEN 'ALWAYS ' WHEN 'R' THEN 'REPLICA ' ELSE '' END
        || 'TRIGGER ' || pg_catalog.quote_ident(t.tgname)
      FROM pg_catalog.pg_trigger t
      WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgrelid = %s::pg_catalog.regclass
      ORDER BY t.tgname\
      """;

  void load(SnapshotReader snapshot, TargetSession session) throws IOException {
    try {
      session.together(
          () -> {
            session.execute("SET CONSTRAINTS ALL DEFERRED");
            for (DumpedTable each : tables) {
              load(each, snapshot, session);
            }
          });
    } catch (SQLException e) {
      throw Refusals.failure("Loading rows of " + this, e);
    }
  }

  private static void load(DumpedTable table, SnapshotReader snapshot, TargetSession session)
      throws IOException, SQLException {
    String name = SqlText.name(table.schema(), table.name());
    List<String> triggers =
        new ArrayList<>(session.column(TRIGGERS.replace("%s", SqlText.literal(name))));
    if (!triggers.isEmpty()) {
      session.execute("ALTER TABLE " + name + " DISABLE TRIGGER USER");
    }
    new StoredRows(snapshot, table).load(session.connection(), name);
    if (!triggers.isEmpty()) {
      // What waits for the end of the transaction keeps a table from being altered.
      session.execute("SET CONSTRAINTS ALL IMMEDIATE");
      session.execute(String.join("; ", triggers));
      session.execute("SET CONSTRAINTS ALL DEFERRED");
    }
  }

  @Override
  public String toString() {
    return tables.stream()
        .map(each -> SqlText.name(each.schema(), each.name()))
        .collect(Collectors.joining(", "));
  }
}
