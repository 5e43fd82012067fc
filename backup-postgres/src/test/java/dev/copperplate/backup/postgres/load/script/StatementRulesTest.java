package dev.copperplate.backup.postgres.load.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementRulesTest {

  private static void require(StatementRules rules, String sql) throws Exception {
    rules.require(ScriptReaderTest.reader(sql + ";").next());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET statement_timeout = 0",
        "SELECT pg_catalog.set_config('search_path', '', false)",
        "CREATE TABLE a (b int)",
        "CREATE USER MAPPING FOR a SERVER b",
        "ALTER TABLE a OWNER TO b",
        "GRANT ALL ON TABLE a TO b",
        "GRANT SELECT(a),UPDATE(b) ON TABLE c TO d WITH GRANT OPTION",
        "REVOKE GRANT OPTION FOR ALL ON TABLE a FROM b",
        "SET SESSION AUTHORIZATION a",
        "RESET SESSION AUTHORIZATION",
        "REFRESH MATERIALIZED VIEW a"
      })
  void whatDumpsHoldIsRun(String sql) throws Exception {
    require(StatementRules.DEFINITIONS, sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY a FROM PROGRAM 'touch x'",
        "COPY a FROM '/etc/passwd'",
        "COPY a TO PROGRAM 'touch x'",
        "COPY a FROM stdin",
        "ALTER SYSTEM SET archive_command = 'touch x'",
        "DO $$ BEGIN END $$",
        "LOAD 'x'",
        "DROP TABLE a",
        "CREATE DATABASE a",
        "CREATE ROLE a SUPERUSER",
        "CREATE USER a SUPERUSER",
        "ALTER ROLE a SUPERUSER",
        "DELETE FROM a",
        "SELECT pg_catalog.pg_read_file('x')",
        "SELECT pg_catalog.set_config('a', (SELECT b), false)",
        "SELECT public.setval('a', 1, true)",
        "SELECT pg_catalog.setval('a', 1, true), evil()",
        "SET ROLE a",
        "SET SESSION ROLE a",
        "SET LOCAL SESSION AUTHORIZATION a",
        "SET \"role\" = a",
        "SET session_authorization = a",
        "SET session_replication_role = replica",
        "SELECT pg_catalog.set_config('role', 'a', false)",
        "GRANT a TO b",
        "GRANT a, \"on\" TO b",
        "REVOKE a FROM b",
        "ALTER GROUP a ADD USER b",
        "BEGIN",
        "CALL a()"
      })
  void otherStatementsAreRefused(String sql) {
    BackupException refused =
        assertThrows(BackupException.class, () -> require(StatementRules.DEFINITIONS, sql));
    assertEquals(Kind.UNSUPPORTED, refused.kind());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY a FROM PROGRAM 'touch x'",
        "COPY a FROM '/x'",
        "CREATE TABLE a ()",
        "ALTER TABLE a RENAME TO b"
      })
  void valuesAreNoDefinitions(String sql) {
    assertThrows(BackupException.class, () -> require(StatementRules.VALUES, sql));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ALTER ROLE a SUPERUSER", "CREATE ROLE a", "CREATE TABLE a ()"})
  void theScriptOfADatabaseMakesNoRoles(String sql) {
    assertThrows(BackupException.class, () -> require(StatementRules.DATABASE, sql));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY \"a\".\"b\" (\"c\") FROM stdin",
        "SELECT pg_catalog.setval('a', -1, true)",
        "SELECT pg_catalog.lo_put(1, 2, '\\x00')",
        "ALTER LARGE OBJECT 1 OWNER TO a",
        "COMMENT ON LARGE OBJECT 1 IS 'a'"
      })
  void valuesAreRun(String sql) throws Exception {
    require(StatementRules.VALUES, sql);
  }
}
