package dev.copperplate.backup.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A database that holds every kind of object, under a name that tools would misread. */
final class EveryKind {

  static final String DATABASE = "shop's \"a=b host=x\"";

  private static final String QUOTED = "\"shop's \"\"a=b host=x\"\"\"";

  private EveryKind() {}

  /** Makes it, and what it needs of the cluster. */
  static void create(EmbeddedPostgres server, PgTools psql) throws Exception {
    server.sql("CREATE ROLE keeper");
    server.sql("CREATE ROLE \"odd \"\"role\"\"\" LOGIN");
    server.sql("ALTER ROLE keeper SET work_mem = '5MB'");
    server.sql("CREATE DATABASE " + QUOTED + " OWNER keeper");
    server.sql("COMMENT ON DATABASE " + QUOTED + " IS 'it''s \\ a shop'");
    server.sql("ALTER DATABASE " + QUOTED + " CONNECTION LIMIT 50");
    server.sql("ALTER DATABASE " + QUOTED + " SET search_path = \"Odd, \", sales, public");
    server.sql("ALTER DATABASE " + QUOTED + " SET app.word = 'it''s \\ set'");
    server.sql("ALTER ROLE keeper IN DATABASE " + QUOTED + " SET DateStyle = 'SQL, DMY'");
    server.sql("ALTER DATABASE " + QUOTED + " SET IntervalStyle = 'sql_standard'");
    server.sql("REVOKE TEMPORARY ON DATABASE " + QUOTED + " FROM PUBLIC");
    server.sql("GRANT CREATE ON DATABASE " + QUOTED + " TO \"odd \"\"role\"\"\"");
    Path script = Files.createTempFile("every-kind", ".sql");
    try (InputStream in = EveryKind.class.getResourceAsStream("every-kind.sql")) {
      Files.write(script, in.readAllBytes());
      run(server, psql, "psql", "-X", "-q", "-o", "/dev/null", "-f", script.toString());
    } finally {
      Files.delete(script);
    }
  }

  /** What PostgreSQL's own dump says of it, the key of its guard taken away. */
  static List<String> dump(EmbeddedPostgres server, PgTools tools) throws Exception {
    return run(server, tools, "pg_dump", "--create", "--encoding=UTF8")
        .lines()
        .filter(each -> !each.startsWith("\\restrict") && !each.startsWith("\\unrestrict"))
        .toList();
  }

  private static String run(
      EmbeddedPostgres server, PgTools tools, String tool, String... arguments)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.put("PGDATABASE", DATABASE);
    return tools.with(environment).run(tool, arguments).orThrow();
  }
}
