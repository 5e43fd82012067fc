package dev.copperplate.backup.postgres.tools;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A directory with {@code pg_dump}, {@code pg_restore} and {@code pg_dumpall} of one version.
 *
 * @param directory absolute
 * @param version of pg_dump
 */
public record DumpTools(Path directory, ToolVersion version) {

  private static final List<String> PROGRAMS = List.of("pg_dump", "pg_restore", "pg_dumpall");
  private static final Path PACKAGES = Path.of("/usr/lib/postgresql");

  /**
   * The newest programs that can read a server: those in a chosen directory, else on the search
   * path and where Debian's packages install them.
   *
   * @param serverMajor such as 17
   * @throws BackupException {@code NOT_FOUND} if there are none, {@code UNSUPPORTED} if all are
   *     older than the server
   */
  public static DumpTools find(@Nullable Path chosen, int serverMajor)
      throws IOException, InterruptedException {
    List<DumpTools> found = new ArrayList<>();
    for (Path each : chosen == null ? usualPlaces() : List.of(chosen)) {
      at(each.toAbsolutePath().normalize()).ifPresent(found::add);
    }
    DumpTools newest =
        found.stream()
            .max(Comparator.comparing(DumpTools::version))
            .orElseThrow(() -> absent(chosen, serverMajor));
    if (newest.version().major() < serverMajor) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "pg_dump " + newest.version() + " in " + newest.directory() + older(serverMajor));
    }
    return newest;
  }

  private static BackupException absent(@Nullable Path chosen, int serverMajor) {
    String where = chosen == null ? "on the search path or below " + PACKAGES : "in " + chosen;
    return new BackupException(
        Kind.NOT_FOUND,
        "No pg_dump, pg_restore and pg_dumpall "
            + where
            + ": install postgresql-client-"
            + serverMajor
            + " or newer, name its directory with tools(…), or capture with dataOnly()");
  }

  private static String older(int serverMajor) {
    return " is older than the server, which is "
        + serverMajor
        + ": install postgresql-client-"
        + serverMajor
        + " or newer, name its directory with tools(…), or capture with dataOnly()";
  }

  private static List<Path> usualPlaces() throws IOException {
    List<Path> places = new ArrayList<>();
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    for (String each : path.split(File.pathSeparator, -1)) {
      if (!each.isEmpty()) {
        places.add(Path.of(each));
      }
    }
    if (Files.isDirectory(PACKAGES)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(PACKAGES)) {
        versions.forEach(each -> places.add(each.resolve("bin")));
      }
    }
    return places;
  }

  private static Optional<DumpTools> at(Path directory) throws IOException, InterruptedException {
    for (String program : PROGRAMS) {
      if (!Files.isExecutable(directory.resolve(program))) {
        return Optional.empty();
      }
    }
    String said = ToolRun.ask(directory.resolve("pg_dump"), "--version");
    return ToolVersion.parse(said).map(version -> new DumpTools(directory, version));
  }

  /** Prepares a run of one of the programs. */
  public ToolRun run(String program, List<String> arguments) {
    return new ToolRun(directory.resolve(program), arguments);
  }
}
