package dev.copperplate.backup.postgres.load.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.BackupException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ScriptReaderProperties {

  private static final String LETTERS = "a;'\"\\$-/*(\n 1é";

  @Property(tries = 500)
  void statementsComeOutAsTheyWentIn(@ForAll("scripts") List<String> statements)
      throws IOException {
    StringBuilder script = new StringBuilder("--\n-- PostgreSQL; 'dump\n--\n\\restrict k\n");
    for (String each : statements) {
      script.append("\n--\n-- Name: it's \"; Type: X; Schema: -; Owner: $$\n--\n\n");
      script.append(each).append(";\n");
    }
    script.append("\\unrestrict k\n-- done");
    assertEquals(statements, ScriptReaderTest.split(script.toString()));
  }

  @Property(tries = 500)
  void anyBytesAreReadOrRefused(@ForAll byte[] bytes) throws IOException {
    try (ScriptReader reader = new ScriptReader("a.sql", new ByteArrayInputStream(bytes))) {
      while (reader.next() != null) {
        // reads on
      }
    } catch (BackupException refused) {
      // is what it may do
    }
  }

  @Provide
  Arbitrary<List<String>> scripts() {
    return statement().list().ofMaxSize(8);
  }

  static Arbitrary<String> statement() {
    Arbitrary<String> plain = pieces().map(each -> "x " + each + " y");
    Arbitrary<String> body =
        pieces()
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(
                each ->
                    "CREATE FUNCTION \"f\"() RETURNS int BEGIN ATOMIC "
                        + String.join("; ", each)
                        + "; SELECT CASE 1 WHEN 2 THEN 3 END; END");
    return Arbitraries.oneOf(plain, body);
  }

  private static Arbitrary<String> pieces() {
    return piece().list().ofMinSize(1).ofMaxSize(6).map(each -> String.join(" , ", each));
  }

  private static Arbitrary<String> piece() {
    Arbitrary<String> text = Arbitraries.strings().withChars(LETTERS).ofMaxLength(12);
    return Arbitraries.oneOf(
        Arbitraries.of("SELECT", "a$b$", "$1", "1.5", "->", "::", "case_", "É", "u&", "E", "$"),
        text.map(each -> "'" + each.replace("'", "''") + "'"),
        text.map(each -> "e'" + each.replace("\\", "\\\\").replace("'", "\\'") + "'"),
        text.map(each -> "\"" + each.replace("\"", "\"\"") + "\""),
        text.map(each -> "$$" + each.replace("$", "") + "$$"),
        text.map(each -> "$t1$" + each + " $t1$"),
        text.map(each -> "/* " + each.replace("/", "").replace("*", "") + " /* ; */ */"),
        text.map(each -> "-- " + each.replace("\n", "") + "\n"),
        text.map(each -> "(SELECT '" + each.replace("'", "''") + "'; x)"));
  }
}
