package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.tools.DumpTools;
import dev.copperplate.backup.postgres.tools.LibpqAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes definitions with PostgreSQL's own programs. One run of pg_dump reads a database, so that
 * it looks at the server once; pg_restore makes the files of its archive. Large objects are left
 * out, which programs older than 17 take for definitions.
 */
final class Definitions {

  private static final String ARCHIVE = "definitions.dump";
  private static final String FILTER = "unreadable.txt";

  /** The first version whose pg_dump reads in a file what to leave out. */
  private static final int FILTERING = 17;

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
   * @param closed sequences that the role may not read, as SQL
   * @param encoding of the files
   */
  void read(
      String database, Moment moment, List<String> closed, String encoding, Duration lockTimeout)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("--format=custom", "--compress=0"));
    words.addAll(List.of("--section=pre-data", "--section=post-data", "--no-password", "-B"));
    words.add("--snapshot=" + moment.snapshot());
    words.add("--encoding=" + encoding);
    words.add("--lock-wait-timeout=" + Math.max(1, lockTimeout.toMillis()));
    words.addAll(without(unreadable(moment, closed)));
    words.add("--dbname=" + address.uri(database));
    try (OutputStream archive = new ScratchOutput(Files.newOutputStream(archive()))) {
      warn(database, tools.run("pg_dump", words).with(environment()).to(archive, silence, context));
    }
  }

  /** pg_dump asks sequences where they stand, wanted or not. */
  private static List<String> unreadable(Moment moment, List<String> closed) {
    Stream<String> tables =
        moment.tables().stream().filter(each -> !each.readable()).map(TableRef::sql);
    return Stream.concat(tables, closed.stream()).toList();
  }

  /** In a file, where there is room for all and any letter but a carriage return. */
  private List<String> without(List<String> names) throws IOException {
    boolean filtering = tools.version().major() >= FILTERING;
    List<String> words = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String each : names) {
      if (filtering && each.indexOf('\r') < 0) {
        lines.add("exclude table " + each.replace("\\", "\\\\").replace("\n", "\\n"));
      } else {
        words.add("--exclude-table=" + writable(each));
      }
    }
    if (!lines.isEmpty()) {
      Path filter = Files.write(context.scratch().resolve(FILTER), lines);
      words.add("--filter=" + filter);
    }
    return words;
  }

  /** Java writes command lines in the letters of the locale, and question marks for others. */
  private String writable(String name) throws BackupException {
    Charset locale = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    if (locale.newEncoder().canEncode(name)) {
      return name;
    }
    throw new BackupException(
        Kind.UNSUPPORTED,
        "pg_dump "
            + tools.version()
            + " cannot be told to leave out "
            + name
            + ", which the locale of this process has no letters for: use a locale of UTF-8, or"
            + " programs of version "
            + FILTERING);
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
