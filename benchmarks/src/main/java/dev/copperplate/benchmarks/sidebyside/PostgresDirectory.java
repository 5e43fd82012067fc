package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The data directory of a PostgreSQL server that pgbench filled and used, stopped in order.
 *
 * <p>No server runs as root, so root makes it as the user {@code postgres}. It is made in a
 * temporary directory, because that user may not be able to enter the place where it shall be, and
 * because the path of a socket must be short.
 *
 * @param programs of the server
 * @param scale of pgbench; one is about 15 MB
 */
record PostgresDirectory(PostgresPrograms programs, int scale) implements DataSet {

  private static final String USER = "postgres";
  private static final int TRANSACTIONS = 10_000;
  private static final int SEED = 7;
  // One script, so that the server is stopped whatever ends us. It listens on no port.
  private static final String SCRIPT =
      """
      set -eu
      cd "$1"
      export PATH="$2:$PATH" PGHOST="$1" PGUSER=postgres PGDATABASE=postgres PGDATA="$1/data"
      initdb -U postgres -A trust --no-locale -E UTF8
      trap 'pg_ctl stop -m immediate' EXIT
      pg_ctl start -w -l "$1/log" -o "-c listen_addresses= -c max_wal_size=4GB -k $1"
      pgbench -i -q -s "$3"
      pgbench -n -c 2 -t "$4" --random-seed="$5"
      pg_ctl stop -w -m fast
      trap - EXIT
      """;

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public String title() {
    return "a PostgreSQL data directory of pgbench, scale " + scale;
  }

  @Override
  public String parameters() {
    return String.format(
        Locale.ROOT,
        "pgbench scale %d, %d transactions of each of two clients, seed %d, by %s",
        scale,
        TRANSACTIONS,
        SEED,
        programs.directory());
  }

  @Override
  public void make(Path directory) throws IOException, InterruptedException {
    Path temporary = Files.createTempDirectory("postgres").toRealPath();
    Path output = Files.createTempFile("postgres", ".output");
    List<String> words = new ArrayList<>();
    if (asRoot()) {
      own(temporary);
      words.addAll(List.of("runuser", "-u", USER, "--"));
    }
    words.addAll(List.of("bash", "-c", SCRIPT, "postgres", temporary.toString()));
    words.add(programs.directory().toString());
    words.addAll(List.of("" + scale, "" + TRANSACTIONS, "" + SEED));
    try {
      Execution.run(output, words.toArray(String[]::new));
      Path cluster = temporary.resolve("data");
      Execution.run(output, "cp", "-a", cluster.toString(), directory.toString());
    } finally {
      Tree.remove(temporary);
      Files.delete(output);
    }
  }

  private static void own(Path directory) throws IOException {
    var view = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
    var users = directory.getFileSystem().getUserPrincipalLookupService();
    view.setOwner(users.lookupPrincipalByName(USER));
  }

  static boolean asRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
