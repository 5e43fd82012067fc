package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.testkit.BackupSourceContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class PostgresLogicalSourceContractTest extends BackupSourceContract {

  private static final String DATABASE = "shop";

  private static PgTools tools;
  private static Path bin;
  private static EmbeddedPostgres server;
  private static EmbeddedPostgres scratch;

  @BeforeAll
  static void start() throws Exception {
    tools = PgTools.stock();
    bin = tools.path("pg_dump").getParent();
    server = EmbeddedPostgres.start(17);
    scratch = EmbeddedPostgres.start(17);
  }

  @AfterAll
  static void end() throws IOException {
    scratch.close();
    server.close();
  }

  @BeforeEach
  void makeSystem() throws Exception {
    scratch.sql("DROP DATABASE IF EXISTS " + DATABASE);
    server.sql("DROP DATABASE IF EXISTS " + DATABASE);
    server.sql("CREATE DATABASE " + DATABASE);
    for (String each :
        List.of(
            "CREATE TABLE item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE)",
            "INSERT INTO item (name) SELECT md5(i::text) FROM generate_series(1, 5000) i",
            "CREATE TABLE sold (item int REFERENCES item, day date) PARTITION BY RANGE (day)",
            "CREATE TABLE sold1 PARTITION OF sold FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
            "INSERT INTO sold SELECT id, '2020-01-01'::date + id % 300 FROM item",
            "CREATE VIEW best AS SELECT item, count(*) FROM sold GROUP BY item",
            "SELECT lo_from_bytea(16001, 'large')")) {
      server.sqlIn(DATABASE, each);
    }
  }

  @Override
  protected BackupSource source() {
    return PostgresLogicalSource.of("shops", server.as(EmbeddedPostgres.SUPERUSER))
        .database(DATABASE)
        .tools(bin);
  }

  @Override
  protected void changeSystem() throws Exception {
    server.sqlIn(DATABASE, "DROP VIEW best");
    server.sqlIn(DATABASE, "CREATE TABLE added AS SELECT 'added' AS word");
    server.sqlIn(DATABASE, "INSERT INTO item (name) VALUES ('new')");
    server.sqlIn(DATABASE, "DELETE FROM sold WHERE item = 7");
  }

  @Override
  protected Restorer restorer() {
    return new PsqlRestorer(scratch, tools, DATABASE);
  }

  @Override
  protected boolean isScratchUntouched() throws Exception {
    return scratch
        .sql("SELECT count(*) FROM pg_database WHERE datname = '" + DATABASE + "'")
        .equals("0");
  }

  @Override
  protected void assertScratchEqualsSystem() throws Exception {
    assertEquals(dump(server), dump(scratch));
  }

  private static String dump(EmbeddedPostgres of) throws Exception {
    Map<String, String> environment = new HashMap<>(of.environment());
    environment.put("PGDATABASE", DATABASE);
    return tools.with(environment).run("pg_dump", "--create", "--restrict-key=same").orThrow();
  }
}
