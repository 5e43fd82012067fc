package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.tools.DumpTools;
import dev.copperplate.backup.postgres.tools.LibpqAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes definitions with PostgreSQL's own programs. One run of pg_dump reads a database, so that
 * it looks at the server once; pg_restore makes the files of its archive. Large objects are left
 * out, which programs older than 17 take for definitions.
 */
final class Definitions {

  private static final String ARCHIVE = "definitions.dump";

  private final DumpTools tools;
  private final LibpqAddress address;
  private final String key;
  private final Duration silence;
  private final SnapshotWriter writer;
  private final CaptureContext context;

  Definitions(
      DumpTools tools,
      LibpqAddress address,
      Duration silence,
      SnapshotWriter writer,
      CaptureContext context)
      throws IOException {
    this.tools = tools;
    this.address = address;
    this.key = RestrictKey.of(context);
    this.silence = silence;
    this.writer = writer;
    this.context = context;
  }

  /** Roles, memberships, tablespaces and what is set for roles. */
  void globals(String database, boolean passwords) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("--globals-only", "--no-password"));
    words.addAll(restricted());
    if (!passwords) {
      words.add("--no-role-passwords");
    }
    words.addAll(List.of("-d", address.uri(database), "-l", "postgresql:///?" + escaped(database)));
    file(LogicalLayout.GLOBALS, "pg_dumpall", words, environment());
  }

  /** The database of the first connection; the program takes none from an address. */
  private String escaped(String database) {
    String uri = address.uri(database);
    return "dbname=" + uri.substring("postgresql:///".length(), uri.indexOf('?'));
  }

  /**
   * Reads the definitions of a database at a moment.
   *
   * @param encoding of the files
   */
  void read(String database, Moment moment, String encoding, Duration lockTimeout)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("--format=custom", "--compress=0"));
    words.addAll(List.of("--section=pre-data", "--section=post-data", "--no-password", "-B"));
    words.add("--snapshot=" + moment.snapshot());
    words.add("--encoding=" + encoding);
    words.add("--lock-wait-timeout=" + Math.max(1, lockTimeout.toMillis()));
    for (TableRef each : moment.tables()) {
      if (!each.readable()) {
        words.add("--exclude-table=" + each.sql());
      }
    }
    words.add("--dbname=" + address.uri(database));
    try (OutputStream archive = Files.newOutputStream(archive())) {
      warn(database, tools.run("pg_dump", words).with(environment()).to(archive, silence, context));
    }
  }

  /** Writes what was read last. */
  void write(EntryPath directory) throws IOException, InterruptedException {
    section("pre-data", directory.child(LogicalLayout.PRE_DATA_FILE));
    section("post-data", directory.child(LogicalLayout.POST_DATA_FILE));
    Files.delete(archive());
  }

  private void section(String name, EntryPath path) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("--section=" + name, "--file=-"));
    words.addAll(restricted());
    words.add(archive().toString());
    file(path, "pg_restore", words, Map.of());
  }

  private void file(
      EntryPath path, String program, List<String> words, Map<String, String> environment)
      throws IOException, InterruptedException {
    try (EntryOutput file = writer.file(path, Attributes.PLAIN)) {
      warn(path.toString(), tools.run(program, words).with(environment).to(file, silence, context));
      file.commit();
    }
  }

  private void warn(String subject, List<String> warnings) {
    for (String each : warnings) {
      context.report(Finding.warning(subject, each, ""));
    }
  }

  private List<String> restricted() {
    return tools.version().restricts() ? List.of("--restrict-key=" + key) : List.of();
  }

  private Map<String, String> environment() throws IOException {
    return address.environment(context.scratch());
  }

  private Path archive() throws IOException {
    return context.scratch().resolve(ARCHIVE);
  }
}
