package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Finding;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A person who does what remedies say: runs their SQL as superuser, statement by statement as psql
 * does, and follows their comments.
 */
final class Mending {

  private static final String COMMENT = "--";
  private static final String ADMIT = "-- pg_hba.conf: ";
  private static final Pattern INSIDE = Pattern.compile("-- in \"([^\"]+)\"$");

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final EmbeddedPostgres server;

  Mending(EmbeddedPostgres server) {
    this.server = server;
  }

  void follow(Finding finding) throws Exception {
    for (String line : finding.remedy().split("\n")) {
      int comment = line.indexOf(COMMENT);
      String said = comment < 0 ? "" : line.substring(comment);
      if (said.startsWith(ADMIT)) {
        Files.write(
            server.data().resolve("pg_hba.conf"),
            List.of(said.substring(ADMIT.length())),
            StandardOpenOption.APPEND);
      }
      run(database(said), comment < 0 ? line : line.substring(0, comment));
    }
    if (finding.remedy().endsWith("restart the server")) {
      server.restart();
    }
  }

  private static String database(String comment) {
    Matcher inside = INSIDE.matcher(comment);
    return inside.find() ? inside.group(1) : "postgres";
  }

  /** Runs statements one by one; where they reload, until the next session sees it. */
  void run(String database, String statements) throws Exception {
    String before = loaded();
    for (String each : statements.split(";")) {
      if (!each.isBlank()) {
        server.sqlIn(database, each);
      }
    }
    if (statements.contains("pg_reload_conf")) {
      awaitReload(before);
    }
  }

  /** The postmaster reads its files in its own time, and each session begins with what it has. */
  private void awaitReload(String before) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (loaded().equals(before)) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("Not reloaded: " + server.log());
      }
    }
  }

  private String loaded() throws Exception {
    return server.sql("SELECT pg_conf_load_time()");
  }
}
