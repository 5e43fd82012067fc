package dev.copperplate.benchmarks.sidebyside;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An installation of PostgreSQL.
 *
 * @param directory of its programs
 */
record PostgresPrograms(Path directory) {

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  /**
   * The installation that {@code PG_BIN} names, else the newest below {@code /usr/lib/postgresql},
   * else the one on the search path.
   */
  static Optional<PostgresPrograms> find(Map<String, String> environment) throws IOException {
    List<Path> candidates = new ArrayList<>();
    Optional.ofNullable(environment.get("PG_BIN")).map(Path::of).ifPresent(candidates::add);
    if (candidates.isEmpty()) {
      candidates.addAll(debian());
      for (String each : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
        Path initdb = Path.of(each, "initdb");
        if (Files.exists(initdb)) {
          // Where the path holds a link to one program, the others lie beside that program.
          candidates.add(initdb.toRealPath().resolve("..").normalize());
        }
      }
    }
    return candidates.stream()
        .map(PostgresPrograms::new)
        .filter(PostgresPrograms::complete)
        .findFirst();
  }

  /** What the programs say of themselves. */
  String version(Path output) throws IOException, InterruptedException {
    return Execution.run(output, directory.resolve("initdb").toString(), "--version").strip();
  }

  private static List<Path> debian() throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(DEBIAN)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(DEBIAN, "[0-9]*")) {
        versions.forEach(each -> found.add(each.resolve("bin")));
      }
    }
    found.sort(Comparator.comparing(PostgresPrograms::number).reversed());
    return found;
  }

  private static int number(Path bin) {
    String digits = String.valueOf(bin.getName(bin.getNameCount() - 2)).replaceAll("\\D.*", "");
    return Integer.parseInt(digits);
  }

  private boolean complete() {
    return Stream.of("initdb", "pg_ctl", "pgbench")
        .allMatch(each -> Files.isExecutable(directory.resolve(each)));
  }
}
