package dev.copperplate.backup.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What pg_dump says of tables, as far as a restore of single tables brings it back. */
final class TableDumps {

  private static final Pattern ENTRY =
      Pattern.compile("(?m)^--\n-- Name: .*; Type: (.*?); Schema: .*$");

  private static final Set<String> KINDS =
      Set.of(
          "TABLE",
          "SEQUENCE",
          "SEQUENCE OWNED BY",
          "DEFAULT",
          "TABLE ATTACH",
          "CONSTRAINT",
          "CHECK CONSTRAINT",
          "FK CONSTRAINT",
          "INDEX",
          "INDEX ATTACH");

  /** Not recorded for single tables. */
  private static final Pattern OTHERS =
      Pattern.compile(
          "\\\\.*|.*(CLUSTER ON|REPLICA IDENTITY|SET STORAGE|SET STATISTICS|ROW LEVEL SECURITY).*");

  /** Alone in one of the schemas, or below another table in one of them. */
  private static final Pattern APART =
      Pattern.compile("(?s).*\\b(child|free|unused|summary_n_idx|a\\.b)\\b.*");

  private TableDumps() {}

  /** Sorted definitions of tables that lie in a schema, whose name is taken out. */
  static List<String> of(EmbeddedPostgres server, PgTools tools, String schema) throws Exception {
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.put("PGDATABASE", EveryKind.DATABASE);
    String dump =
        tools
            .with(environment)
            .run("pg_dump", "--schema-only", "--no-privileges", "--table=" + schema + ".*")
            .orThrow();
    List<String> entries = new ArrayList<>();
    Matcher begin = ENTRY.matcher(dump);
    int from = -1;
    String kind = "";
    while (begin.find()) {
      add(kind, from, begin.start(), dump, schema, entries);
      kind = begin.group(1);
      from = begin.end();
    }
    add(kind, from, dump.length(), dump, schema, entries);
    return entries.stream().sorted().toList();
  }

  private static void add(
      String kind, int from, int to, String dump, String schema, List<String> entries) {
    if (KINDS.contains(kind)) {
      List<String> lines =
          dump.substring(from, to)
              .replace(schema + ".", "")
              .replace("sales.", "")
              .lines()
              .filter(
                  each ->
                      !each.isBlank() && !each.startsWith("--") && !OTHERS.matcher(each).matches())
              .toList();
      String entry = kind + ": " + String.join("\n", lines);
      if (!APART.matcher(entry).matches()) {
        entries.add(entry);
      }
    }
  }
}
