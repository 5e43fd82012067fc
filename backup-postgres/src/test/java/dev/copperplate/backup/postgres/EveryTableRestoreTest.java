package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.load.StoredTables;
import dev.copperplate.backup.postgres.sql.SqlText;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores tables of every kind, and has PostgreSQL's own dump compare them. */
class EveryTableRestoreTest {

  private static final Path EVIL = Path.of("/tmp/copperplate-evil");
  private static final String RESCUE = "rescue";
  private static final String ROWS =
      "SELECT md5(coalesce(string_agg(x::text, E'\\n' ORDER BY x::text), '')) || count(*) FROM ";

  @TempDir Path folder;

  private BackupRepository repository;

  @BeforeEach
  void createRepository() throws Exception {
    repository = TestRepositories.create(folder.resolve("repository"));
  }

  @AfterEach
  void closeRepository() throws Exception {
    repository.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void everyKindOfTableComesBackInAnotherSchema(int version) throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version)) {
      EveryKind.create(server, tools(version));
      server.sqlIn(EveryKind.DATABASE, "CREATE SCHEMA rescue");
      server.sqlIn(EveryKind.DATABASE, "GRANT ALL ON SCHEMA rescue TO keeper");
      server.sqlIn(
          EveryKind.DATABASE,
          "ALTER DEFAULT PRIVILEGES IN SCHEMA rescue GRANT REFERENCES ON TABLES TO keeper");
      Snapshot snapshot = capture(server);
      List<DumpedTable> tables = roots(snapshot);
      assertTrue(tables.size() >= 12, tables::toString);
      PostgresTableRestorer restorer = restorer(server).evenPublished().foreignKeys();
      for (DumpedTable each : tables) {
        restorer = restorer.table(each.schema(), each.name()).as(RESCUE, each.name());
      }

      RestoreReport report = repository.restore(snapshot, restorer);

      assertTrue(report.complete(), report.findings()::toString);
      for (DumpedTable each : tables) {
        assertEquals(
            server.sqlIn(EveryKind.DATABASE, ROWS + "ONLY " + name(each.schema(), each) + " x"),
            server.sqlIn(EveryKind.DATABASE, ROWS + "ONLY " + name(RESCUE, each) + " x"),
            each.name());
        assertEquals(owner(server, each.schema(), each), owner(server, RESCUE, each));
      }
      assertEquals(
          partitions(server, "sales.events"), partitions(server, "rescue.events"), "partitions");
      List<String> stored = described(snapshot, each -> true);
      List<String> again = described(capture(server), this::isRescued);
      assertEquals(without(again, stored), without(stored, again));
      if (version < 18) {
        List<String> before = TableDumps.of(server, tools(version), "sales");
        List<String> after = TableDumps.of(server, tools(version), RESCUE);
        assertTrue(before.size() > 40, before::toString);
        assertEquals(without(after, before), without(before, after));
      }
      assertFalse(Files.exists(EVIL));
    }
  }

  private boolean isRescued(DumpedTable table) {
    return table.schema().equals(RESCUE);
  }

  /** What a snapshot says of tables, but for their rows and schema, in order. */
  private List<String> described(Snapshot snapshot, Predicate<DumpedTable> wanted)
      throws Exception {
    try (SnapshotReader reader = repository.open(snapshot)) {
      List<String> lines = new ArrayList<>();
      for (DumpedTable each : StoredTables.of(reader).all(wanted)) {
        String line = each.toLine();
        if (!each.name().equals("child") && !each.name().contains("evil")) {
          lines.add(
              line.substring(0, line.indexOf("\"captured\""))
                  .replace(RESCUE + ".", "sales.")
                  .replace("\"" + RESCUE + "\"", "\"sales\""));
        }
      }
      return lines;
    }
  }

  private static String without(List<String> some, List<String> others) {
    List<String> left = new ArrayList<>(some);
    left.removeAll(others);
    return String.join("\n", left);
  }

  private static PgTools tools(int version) {
    return PgTools.of(Math.min(version, 17));
  }

  private static String name(String schema, DumpedTable table) {
    return SqlText.name(schema, table.name());
  }

  private static String owner(EmbeddedPostgres server, String schema, DumpedTable table)
      throws SQLException {
    return server.sqlIn(
        EveryKind.DATABASE,
        "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = "
            + SqlText.literal(name(schema, table))
            + "::regclass");
  }

  private static String partitions(EmbeddedPostgres server, String table) throws SQLException {
    return server.sqlIn(
        EveryKind.DATABASE,
        "SELECT string_agg(n || '=' || c, ',' ORDER BY n) FROM (SELECT relname AS n, count(*) AS c"
            + " FROM "
            + table
            + " t JOIN pg_class ON pg_class.oid = t.tableoid GROUP BY 1) x");
  }

  private Snapshot capture(EmbeddedPostgres server) throws Exception {
    return repository
        .backup(
            PostgresLogicalSource.of("shops", server.as(EmbeddedPostgres.SUPERUSER))
                .database(EveryKind.DATABASE)
                .dataOnly())
        .snapshot();
  }

  private List<DumpedTable> roots(Snapshot snapshot) throws Exception {
    try (SnapshotReader reader = repository.open(snapshot)) {
      return StoredTables.of(reader).all(each -> each.partitionBound().isEmpty());
    }
  }

  static PostgresTableRestorer restorer(EmbeddedPostgres server) {
    return PostgresTableRestorer.into(
        server.as(EmbeddedPostgres.SUPERUSER).property("PGDBNAME", EveryKind.DATABASE));
  }
}
