package dev.copperplate.backup.postgres.load.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptReaderTest {

  static ScriptReader reader(String script) {
    return new ScriptReader(
        "a.sql", new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)));
  }

  static List<String> split(String script) throws IOException {
    List<String> statements = new ArrayList<>();
    try (ScriptReader reader = reader(script)) {
      for (ScriptStatement each = reader.next(); each != null; each = reader.next()) {
        statements.add(each.sql().strip());
      }
    }
    return statements;
  }

  @Test
  void aSemicolonInsideOfAnythingEndsNothing() throws Exception {
    String script =
        "SELECT ';', E'\\';', \"a;\", $$;$$, $a$;$b$;$a$, U&'\\0041;' -- ;\n /* ; /* ; */ ; */ x;"
            + " CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);;";
    assertEquals(
        List.of(
            "SELECT ';', E'\\';', \"a;\", $$;$$, $a$;$b$;$a$, U&'\\0041;' -- ;\n"
                + " /* ; /* ; */ ; */ x",
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)"),
        split(script));
  }

  @Test
  void aBodyInSqlEndsWithItsEnd() throws Exception {
    String body =
        "CREATE OR REPLACE FUNCTION s.begin(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC\n"
            + " SELECT CASE WHEN x > 1 THEN CASE x WHEN 2 THEN 3 END END AS \"end\";\n SELECT (CASE x"
            + " WHEN 1 THEN 2 END);\nEND";
    assertEquals(List.of(body, "SELECT 2", "SELECT 3"), split(body + "; SELECT 2;\nSELECT 3;"));
  }

  @Test
  void nothingButTheBeginningOfABodyIsOne() throws Exception {
    assertEquals(
        List.of("CREATE FUNCTION begin(atomic int) AS ''", "x"),
        split("CREATE FUNCTION begin(atomic int) AS ''; x;"));
    assertEquals(
        List.of("CREATE TABLE begin (a int)", "atomic"),
        split("CREATE TABLE begin (a int); atomic;"));
    assertEquals(List.of("CREATE VIEW begin atomic", "x"), split("CREATE VIEW begin atomic; x;"));
  }

  @Test
  void aPieceOfAStringOnANewLineIsReadAsItsBeginning() throws Exception {
    assertEquals(List.of("SELECT E'a'\n 'b\\';c'", "x"), split("SELECT E'a'\n 'b\\';c'; x;"));
    assertEquals(List.of("SELECT E'a', 'b\\'", "x"), split("SELECT E'a', 'b\\'; x;"));
  }

  @Test
  void dollarsInsideOfNamesQuoteNothing() throws Exception {
    assertEquals(
        List.of("SELECT a$b$", "c$b$ $1, $b $$x;$$"), split("SELECT a$b$; c$b$ $1, $b $$x;$$;"));
    assertEquals(List.of("$a$ $aa$ $a$"), split("$a$ $aa$ $a$;"));
  }

  @Test
  void backslashesInPlainStringsCountWhereTheyAreSaidTo() throws Exception {
    try (ScriptReader reader = reader("SELECT 'a\\'; SELECT 'a\\';'; N'\\';'; B'\\'; x")) {
      assertEquals("SELECT 'a\\'", reader.next().sql());
      reader.standardStrings(false);
      assertEquals("SELECT 'a\\';'", reader.next().sql());
      assertEquals("N'\\';'", reader.next().sql());
      assertEquals("B'\\'", reader.next().sql());
    }
  }

  @Test
  void headersAreThoseOfCommentsBetweenStatements() throws Exception {
    String script =
        """
        --
        -- Name: a; Type: TABLE; Schema: s; Owner: o
        --

        SELECT 1;
        SELECT '
        -- Name: b; Type: VIEW; Schema: s; Owner: o
        ', $$
        -- Name: c; Type: VIEW; Schema: s; Owner: o
        $$ /*
        -- Name: d; Type: VIEW; Schema: s; Owner: o
        */;SELECT 3;
        """;
    try (ScriptReader reader = reader(script)) {
      for (int i = 0; i < 3; i++) {
        ScriptStatement statement = reader.next();
        assertEquals(List.of(new Header.Reading("a", "TABLE", "s")), statement.header().readings());
        assertTrue(statement.toString().startsWith("TABLE s.a (a.sql, line "), statement::toString);
      }
      assertNull(reader.next());
    }
  }

  @Test
  void aNameThatLooksLikeAHeaderHasSeveralReadings() throws Exception {
    String name = "x; Type: VIEW; Schema: t; Owner: p";
    try (ScriptReader reader =
        reader("-- Name: " + name + "; Type: TABLE; Schema: s; Owner: o\nSELECT 1;")) {
      assertEquals(
          List.of("t", "t; Owner: p; Type: TABLE; Schema: s", "s"),
          reader.next().header().readings().stream().map(Header.Reading::schema).toList());
    }
  }

  @Test
  void whatGuardsAgainstCommandsIsPassedOver() throws Exception {
    assertEquals(
        List.of("SELECT 1", "SELECT 2"),
        split("--\n\\restrict abc0\n\nSELECT 1;\n\\unrestrict abc0\nSELECT 2;\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\! touch /tmp/copperplate-evil\n",
        "SELECT 1;\n\\! touch x\n",
        "SELECT 1 \\gexec\n",
        "SELECT 1;\\! touch x\n",
        "SELECT 1;\n \\restrict abc\n",
        "\\restrict abc \\! touch x\nSELECT 1;",
        "\\connect other\n",
        "SELECT\n\\restrict abc\n1;",
        "\\.\n"
      })
  void commandsOfPsqlAreRefused(String script) {
    BackupException refused = assertThrows(BackupException.class, () -> split(script));
    assertEquals(Kind.UNSUPPORTED, refused.kind());
    assertTrue(refused.getMessage().startsWith("a.sql, line "), refused::getMessage);
    assertFalse(refused.getMessage().contains("touch"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1", "'", "\"", "$$ $", "/* /* */", "SELECT (1;", "x\0;", "- 1;"})
  void whatIsNotWholeIsDamaged(String script) {
    BackupException refused = assertThrows(BackupException.class, () -> split(script));
    assertEquals(Kind.DAMAGED, refused.kind());
  }

  @Test
  void aStatementHasALimit() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'a';
          }
        };
    BackupException refused =
        assertThrows(BackupException.class, () -> new ScriptReader("a.sql", endless).next());
    assertEquals(Kind.UNSUPPORTED, refused.kind());
  }

  @Test
  void rowsEndWithTheirLine() throws Exception {
    try (ScriptReader reader =
        reader("COPY a (b) FROM stdin;\n\\\\.\n;'\n\\N\n\\.\nSELECT 1;COPY a FROM stdin;\n\\.\n")) {
      assertTrue(StatementRules.isCopy(reader.next()));
      assertEquals("\\\\.\n;'\n\\N\n", text(reader.rows()));
      assertEquals("SELECT 1", reader.next().sql());
      assertTrue(StatementRules.isCopy(reader.next()));
      assertEquals("", text(reader.rows()));
      assertNull(reader.next());
    }
  }

  private static String text(InputStream rows) throws IOException {
    return new String(rows.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void rowsWithoutTheirLineAreDamaged() throws Exception {
    try (ScriptReader reader = reader("COPY a FROM stdin;\n1\n2\n")) {
      reader.next();
      InputStream rows = reader.rows();
      BackupException refused = assertThrows(BackupException.class, rows::readAllBytes);
      assertEquals(Kind.DAMAGED, refused.kind());
    }
  }

  @Test
  void tokensAreWhatTheyStandFor() throws Exception {
    try (ScriptReader reader =
        reader(
            "ALTER TABLE \"a\"\"b\".c OWNER TO \"o\"; SELECT pg_catalog.setval('\"a''\"', -1, true);")) {
      ScriptStatement statement = reader.next();
      assertEquals("a\"b", statement.name(2));
      assertTrue(statement.has(statement.tokens().size() - 3, "owner", "to"));
      assertEquals(
          "ALTER TABLE x.c OWNER TO \"o\"", statement.with(statement.tokens().get(2), "x"));
      assertEquals("\"a'\"", reader.next().tokens().get(5).text());
    }
  }
}
