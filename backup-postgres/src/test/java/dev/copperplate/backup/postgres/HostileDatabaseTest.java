package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A database whose owner, who is no superuser, wants a capture to run functions of his as the role
 * that backs up. Each notes who ran it.
 */
@Timeout(120)
class HostileDatabaseTest {

  private BackupRepository repository;
  private EmbeddedPostgres server;

  @BeforeEach
  void start() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    server = EmbeddedPostgres.start(17);
    server.sql("CREATE ROLE mallory LOGIN PASSWORD '" + EmbeddedPostgres.PASSWORD + "'");
    server.sql("CREATE DATABASE his OWNER mallory");
    mallory( // a transaction that only reads can note it nowhere but in the log
        "CREATE FUNCTION public.trap() RETURNS int LANGUAGE plpgsql SECURITY INVOKER AS"
            + " $$ BEGIN RAISE LOG 'trapped %', session_user; RETURN 1; END $$");
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    repository.close();
  }

  @Test
  void trapsAreTraps() throws Exception {
    server.sqlIn("his", "SELECT public.trap()");
    assertNotEquals(List.of(), trapped());
  }

  @Test
  void whatShadowsFunctionsAndOperatorsOfTheSystemIsNotRun() throws Exception {
    mallory(
        "CREATE TYPE public.word AS ENUM ('a')",
        "CREATE FUNCTION public.text(public.word) RETURNS text LANGUAGE sql AS"
            + " $$ SELECT public.trap()::text $$",
        "CREATE CAST (public.word AS text) WITH FUNCTION public.text(public.word) AS IMPLICIT");
    for (String type : List.of("oid", "name", "text", "\"char\"", "int8", "bool", "regclass")) {
      shadow(type);
    }
    for (String each : SHADOWED) {
      mallory(
          "CREATE FUNCTION public." + each + " LANGUAGE sql AS $$ SELECT public.trap()::text $$");
    }
    mallory(
        "ALTER DATABASE his SET search_path = public, pg_catalog",
        "CREATE TABLE public.t (id serial, w public.word DEFAULT 'a', n int DEFAULT public.trap(),"
            + " CHECK (public.trap() IS NOT NULL))",
        "INSERT INTO public.t DEFAULT VALUES",
        "CREATE FUNCTION public.fixed(int) RETURNS int LANGUAGE sql IMMUTABLE AS"
            + " $$ SELECT public.trap() $$",
        "CREATE INDEX ON public.t (public.fixed(id))",
        "CREATE VIEW public.pg_class AS SELECT 1::oid AS oid, public.trap() AS relkind",
        "CREATE VIEW public.pg_largeobject_metadata AS SELECT public.trap() AS oid",
        "CREATE POLICY p ON public.t USING (public.trap() = 1)",
        "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE public.t FORCE ROW LEVEL SECURITY",
        "SELECT lo_from_bytea(16001, 'large')",
        "ANALYZE public.t");

    Snapshot snapshot = repository.backup(source().pagesPerFile(1)).snapshot();

    assertEquals(SnapshotState.COMPLETE, snapshot.state());
    assertEquals(List.of(), trapped());
  }

  private static final List<String> SHADOWED =
      List.of(
          "format_type(oid, int) RETURNS text",
          "pg_get_userbyid(oid) RETURNS text",
          "current_database() RETURNS text",
          "pg_export_snapshot() RETURNS text",
          "coalesce(text, text) RETURNS text",
          "unnest(text[]) RETURNS SETOF text",
          "lo_get(oid, bigint, int) RETURNS text",
          "setval(text, bigint, boolean) RETURNS text",
          "json_build_object(text, text) RETURNS text");

  private void shadow(String type) throws SQLException {
    String quoted = "\"is " + type.replace("\"", "") + "\"";
    mallory(
        "CREATE FUNCTION public."
            + quoted
            + "("
            + type
            + ", "
            + type
            + ") RETURNS boolean LANGUAGE sql AS $$ SELECT public.trap() = 1 $$");
    for (String operator : List.of("=", "<>", ">=", "<", "!~", "||")) {
      mallory(
          "CREATE OPERATOR public."
              + operator
              + " (LEFTARG = "
              + type
              + ", RIGHTARG = "
              + type
              + ", FUNCTION = public."
              + quoted
              + ")");
    }
  }

  /** As in CVE-2024-7348: what is a sequence when it is listed is a view when it is read. */
  @Test
  void aViewThatTakesTheNameOfASequenceMeanwhileIsNotRun() throws Exception {
    mallory("CREATE TABLE public.t AS SELECT generate_series(1, 1000) AS i");
    mallory("CREATE SEQUENCE public.s");
    AtomicInteger swapped = new AtomicInteger();
    Thread swapping = new Thread(() -> swap(swapped), "swapping");
    swapping.start();
    try {
      for (int i = 0; i < 15; i++) {
        repository.backup(source().dataOnly());
      }
    } finally {
      swapping.interrupt();
      swapping.join();
    }
    assertTrue(swapped.get() > 10, swapped::toString);
    assertEquals(List.of(), trapped());
  }

  private void swap(AtomicInteger swapped) {
    try (Connection connection = server.connection("his", "mallory");
        Statement statement = connection.createStatement()) {
      while (!Thread.currentThread().isInterrupted()) {
        statement.execute(
            "DROP SEQUENCE public.s; CREATE VIEW public.s AS"
                + " SELECT public.trap()::bigint AS last_value, true AS is_called");
        statement.execute("DROP VIEW public.s; CREATE SEQUENCE public.s");
        swapped.incrementAndGet();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private PostgresLogicalSource source() {
    return PostgresLogicalSource.of("orders", server.as(EmbeddedPostgres.SUPERUSER))
        .database("his")
        .tools(PgTools.stock().path("pg_dump").getParent());
  }

  private void mallory(String... statements) throws SQLException {
    try (Connection connection = server.connection("his", "mallory");
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /** Those that did not trap mallory. */
  private List<String> trapped() {
    return server.log().lines().filter(each -> each.endsWith("trapped postgres")).toList();
  }
}
