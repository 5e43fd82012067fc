package dev.copperplate.backup.postgres.load.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.postgres.EmbeddedPostgres;
import dev.copperplate.backup.postgres.PgTools;
import dev.copperplate.backup.postgres.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * psql itself cuts the same statements; it says what it sends. What the server says matters not.
 */
class PsqlAgreementProperties {

  private static final String MARK = "===";

  private static PgTools psql;
  private static EmbeddedPostgres server;

  @BeforeContainer
  static void startServer() throws Exception {
    psql = PgTools.stock();
    server = EmbeddedPostgres.start(17);
  }

  @AfterContainer
  static void stopServer() throws Exception {
    server.close();
  }

  @Property(tries = 10)
  void statementsEndWherePsqlEndsThem(@ForAll("scripts") List<String> statements) throws Exception {
    assertEquals(statements, ScriptReaderTest.split(String.join(";\n", statements) + ";"));
    Path script = Files.createTempFile("agreement", ".sql");
    try {
      Files.writeString(
          script, String.join(";\n\\echo " + MARK + "\n", statements) + ";\n\\echo " + MARK);
      assertEquals(statements, sent(script));
    } finally {
      Files.delete(script);
    }
  }

  private static List<String> sent(Path script) throws Exception {
    List<String> words =
        List.of(
            "sh",
            "-c",
            "exec \"$0\" -X -q -e -f \"$1\" 2> /dev/null",
            psql.path("psql").toString(),
            script.toString());
    String said = Program.run(words, server.environment()).output();
    return Arrays.stream(said.split("\n" + MARK + "\n"))
        .map(each -> each.substring(0, each.length() - 1))
        .toList();
  }

  @Provide
  Arbitrary<List<String>> scripts() {
    return ScriptReaderProperties.statement().list().ofSize(50);
  }
}
