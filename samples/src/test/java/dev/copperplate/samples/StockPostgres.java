package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The tools of PostgreSQL 17 in the folder that {@code POSTGRES_TOOLS} names, else where Debian
 * installs them; those on the search path may be older than the server of the tests. Where there
 * are none, tests that ask for them are skipped; with {@code CI=true} they fail instead.
 */
final class StockPostgres {

  private StockPostgres() {}

  /** The folder of pg_dump. */
  static Path folder() {
    return Stream.of(System.getenv("POSTGRES_TOOLS"), "/usr/lib/postgresql/17/bin")
        .filter(Objects::nonNull)
        .map(Path::of)
        .filter(each -> Files.isExecutable(each.resolve("pg_dump")))
        .findFirst()
        .orElseGet(StockPostgres::absent);
  }

  private static Path absent() {
    String message = "No pg_dump of PostgreSQL 17: set POSTGRES_TOOLS to its folder";
    return Boolean.parseBoolean(System.getenv("CI")) ? fail(message) : abort(message);
  }
}
