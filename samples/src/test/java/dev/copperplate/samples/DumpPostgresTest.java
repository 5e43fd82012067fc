package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From rows that are lost to rows that are there again. */
class DumpPostgresTest {

  private static final String SUM = "SELECT count(*) || ' ' || sum(id) FROM ";

  private static TestServer server;
  private static DemonstrationServer postgres;

  @TempDir Path directory;
  private Place place;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    postgres = server.postgres();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void fill() throws Exception {
    place = Place.in(directory);
    postgres.sql(
        "DROP DATABASE IF EXISTS shop WITH (FORCE)",
        "DROP DATABASE IF EXISTS copy WITH (FORCE)",
        "CREATE DATABASE shop");
    shop(
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "INSERT INTO orders SELECT generate_series(1, 100)",
        "CREATE TABLE log_today (line text)",
        "INSERT INTO log_today VALUES ('a line')");
  }

  @Test
  void aTableThatIsGoneComesBackAsItWas() throws Exception {
    Object snapshot = dump("--data-only").get("snapshot");
    String expected = shop(SUM + "orders");
    shop("DROP TABLE orders");
    assertEquals("100", restore(snapshot).ending(ExitCode.SUCCESS).json().get("rows"));
    assertEquals(expected, shop(SUM + "orders"));
  }

  @Test
  void theStoredRowsStandBesideThoseThatAreInUse() throws Exception {
    Object snapshot = dump("--data-only").get("snapshot");
    shop("DELETE FROM orders WHERE id > 50");
    shop("CREATE SCHEMA rescue");
    restore(snapshot, "--as-schema=rescue", "--as=before").ending(ExitCode.SUCCESS);
    assertEquals("50 1275", shop(SUM + "orders"));
    assertEquals("100 5050", shop(SUM + "rescue.before"));
  }

  @Test
  void rowsAreReplacedWhenTheirTableIsConfirmedByName() throws Exception {
    Object snapshot = dump("--data-only").get("snapshot");
    shop("UPDATE orders SET id = -id");
    Invocation refused = restore(snapshot).ending(ExitCode.FAILURE);
    assertEquals("ALREADY_EXISTS", refused.json().get("kind"));

    Invocation unconfirmed = restore(snapshot, "--truncate").ending(ExitCode.FAILURE);
    assertEquals(List.of("table \"public\".\"orders\""), unconfirmed.json().get("destroys"));
    restore(snapshot, "--truncate", "--confirm=table \"public\".\"items\"")
        .ending(ExitCode.FAILURE);
    assertEquals("100 -5050", shop(SUM + "orders"));

    restore(snapshot, "--truncate", "--confirm=table \"public\".\"orders\"")
        .ending(ExitCode.SUCCESS);
    assertEquals("100 5050", shop(SUM + "orders"));
  }

  @Test
  void whatThePlanSaysToConfirmCanBePastedIntoAShellWhateverTheNames() throws Exception {
    shop("ALTER TABLE orders RENAME TO \"it's $(id)\"");
    String snapshot = "--snapshot=" + dump("--data-only").get("snapshot");
    String table = "--table=it's $(id)";
    Object[] arguments = server("shop", snapshot, table, "--truncate");
    Invocation plan = place.run(RestoreTable.PROGRAM, arguments).ending(ExitCode.FAILURE);
    String pasted = "--confirm 'table \"public\".\"it'\\''s $(id)\"'";
    assertEquals(pasted, plan.out().lines().reduce((before, last) -> last).orElse("").strip());

    Object[] dry = server("shop", snapshot, table, "--truncate", "--dry-run");
    plan = place.run(RestoreTable.PROGRAM, dry).ending(ExitCode.SUCCESS);
    assertTrue(plan.out().contains("Destroys table \"public\".\"it's $(id)\""), plan.out());
  }

  @Test
  void aTableComesBackOutOfABaseBackup() throws Exception {
    Object[] arguments = server("postgres", "--json", "--name=shop");
    Object base =
        place
            .run(BackupPostgres.PROGRAM, arguments)
            .ending(ExitCode.SUCCESS)
            .json()
            .get("snapshot");
    shop("DROP TABLE orders");
    restore(base, "--database=shop").ending(ExitCode.USAGE);
    restore(
            base,
            "--database=shop",
            "--programs=" + TestServer.programs().directory(),
            "--scratch=" + server.scratch())
        .ending(ExitCode.SUCCESS);
    assertEquals("100 5050", shop(SUM + "orders"));
  }

  @Test
  void rowsThatNobodyNeedsAreLeftOut() throws Exception {
    assertEquals("101", dump("--data-only").get("rows"));
    assertEquals("100", dump("--data-only", "--exclude=public.log_*").get("rows"));
    assertEquals("1", dump("--data-only", "--include=public.log_*").get("rows"));
  }

  @Test
  void rowsComeBackIntoTablesThatMigrationsMade() throws Exception {
    Object snapshot = dump("--data-only").get("snapshot");
    shop("TRUNCATE orders, log_today");
    restoreDatabase(snapshot, "--rows-only").ending(ExitCode.SUCCESS);
    assertEquals("100 5050", shop(SUM + "orders"));
  }

  @Test
  void aDatabaseOfSeveralComesBackUnderAnotherName() throws Exception {
    Object snapshot = dump("--all-databases", "--tools=" + StockPostgres.folder()).get("snapshot");
    restoreDatabase(snapshot, "--database=shop").ending(ExitCode.FAILURE);
    restoreDatabase(snapshot, "--database=shop", "--as=copy", "--dry-run").ending(ExitCode.SUCCESS);
    restoreDatabase(snapshot, "--database=shop", "--as=copy").ending(ExitCode.SUCCESS);
    assertEquals("100 5050", postgres.sqlIn("copy", SUM + "orders"));
  }

  @Test
  void whichDatabaseIsMeantIsSaidOnce() {
    Object[] arguments = server("shop", "--name=shop", "--all-databases", "--database=shop");
    place.run(DumpPostgres.PROGRAM, arguments).ending(ExitCode.USAGE);
  }

  private Map<String, Object> dump(String... more) throws IOException {
    Object[] arguments = server("shop", with(more, "--json", "--name=shop"));
    return place.run(DumpPostgres.PROGRAM, arguments).ending(ExitCode.SUCCESS).json();
  }

  private Invocation restore(Object snapshot, String... more) {
    String[] all = with(more, "--json", "--snapshot=" + snapshot, "--table=orders");
    return place.run(RestoreTable.PROGRAM, server("shop", all));
  }

  private Invocation restoreDatabase(Object snapshot, String... more) {
    String[] all = with(more, "--json", "--snapshot=" + snapshot);
    return place.run(RestoreDatabase.PROGRAM, server("postgres", all));
  }

  private static Object[] server(String database, String... more) {
    return with(
        more,
        "--server=" + postgres.url(database),
        "--user=postgres",
        "--server-password-file=" + postgres.passwordFile());
  }

  private static String[] with(String[] more, String... first) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(Arrays.asList(more));
    return all.toArray(new String[0]);
  }

  private static String shop(String... statements) throws IOException {
    return postgres.sqlIn("shop", statements);
  }
}
