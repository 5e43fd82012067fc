package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PostgreSQL's own tools of one version and pgBackRest, the judges of what we write. Where they are
 * not installed, tests that ask for them are skipped; with {@code CI=true} they fail instead.
 *
 * <p>They are looked for in the folder that {@code POSTGRES_TOOLS} names ({@code POSTGRES_TOOLS_15}
 * for those of 15), in the one that {@code .ci/run} makes, where Debian installs them, and on the
 * search path. Immutable.
 */
public final class PgTools {

  /** The version that has every tool in use. */
  public static final int STOCK = 17;

  private final int version;
  private final List<Path> folders;
  private final Map<String, String> environment;

  private PgTools(int version, List<Path> folders, Map<String, String> environment) {
    this.version = version;
    this.folders = List.copyOf(folders);
    this.environment = Map.copyOf(environment);
  }

  /** Those of 17, pgBackRest among them. */
  public static PgTools stock() {
    return of(STOCK);
  }

  /** Those of a version; 18 has none here. */
  public static PgTools of(int version) {
    PgTools tools = new PgTools(version, folders(version), Map.of());
    return tools.find("pg_verifybackup").isPresent() ? tools : absent(version);
  }

  private static PgTools absent(int version) {
    String message =
        "No tools of PostgreSQL "
            + version
            + ": set "
            + variable(version)
            + " to the folder of pg_verifybackup, or let .ci/run fetch them";
    return Boolean.parseBoolean(System.getenv("CI")) ? fail(message) : abort(message);
  }

  private static String variable(int version) {
    return version == STOCK ? "POSTGRES_TOOLS" : "POSTGRES_TOOLS_" + version;
  }

  private static List<Path> folders(int version) {
    List<Path> folders = new ArrayList<>();
    Optional.ofNullable(System.getenv(variable(version))).map(Path::of).ifPresent(folders::add);
    for (Path caches : caches()) {
      folders.add(caches.resolve("postgresql-" + version).resolve("bin"));
    }
    folders.add(Path.of("/usr/lib/postgresql", Integer.toString(version), "bin"));
    for (String each : System.getenv("PATH").split(File.pathSeparator)) {
      folders.add(Path.of(each));
    }
    return folders;
  }

  /** Where .ci/run looks: the first for root, the others for everybody else. */
  private static List<Path> caches() {
    String tools = "copperplate-tools";
    return Stream.of(
            System.getenv("COPPERPLATE_TOOLS"),
            "/var/cache/" + tools,
            below(System.getenv("XDG_CACHE_HOME"), tools),
            below(System.getProperty("user.home"), ".cache/" + tools))
        .filter(Objects::nonNull)
        .map(Path::of)
        .toList();
  }

  private static String below(String folder, String name) {
    return folder == null ? null : folder + "/" + name;
  }

  /** The same for one server: what libpq reads from its environment. */
  public PgTools at(EmbeddedPostgres server) {
    return with(server.environment());
  }

  /** The same with variables in its environment. */
  public PgTools with(Map<String, String> variables) {
    return new PgTools(version, folders, variables);
  }

  /** Runs one and waits for its end. */
  public Program.Result run(String tool, String... arguments)
      throws IOException, InterruptedException {
    return Program.run(words(tool, arguments), environment);
  }

  /** Starts one that runs until it is ended, its errors in its output; the caller ends it. */
  public Process start(String tool, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words(tool, arguments)).redirectErrorStream(true);
    builder.environment().keySet().removeIf(each -> each.startsWith("PG"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Where a tool is. Another version than ours is none. */
  public Path path(String tool) {
    return find(tool)
        .orElseThrow(() -> new IllegalStateException("No " + tool + " of PostgreSQL " + version));
  }

  private List<String> words(String tool, String... arguments) {
    List<String> words = new ArrayList<>(List.of(path(tool).toString()));
    words.addAll(List.of(arguments));
    return words;
  }

  private Optional<Path> find(String tool) {
    return folders.stream()
        .map(each -> each.resolve(tool))
        .filter(Files::isExecutable)
        .filter(each -> tool.equals("pgbackrest") || isOfVersion(each))
        .findFirst();
  }

  private boolean isOfVersion(Path tool) {
    try {
      String said = Program.run(tool.toString(), "--version").output();
      return said.contains("(PostgreSQL) " + version + ".");
    } catch (IOException e) {
      return false; // not a program of this machine
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while asking " + tool, e);
    }
  }
}
