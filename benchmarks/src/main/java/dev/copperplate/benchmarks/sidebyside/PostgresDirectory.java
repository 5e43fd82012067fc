package dev.copperplate.benchmarks.sidebyside;

import dev.copperplate.benchmarks.DirectoryRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The data directory of a PostgreSQL server that pgbench filled and used, stopped in order.
 *
 * <p>No server runs as root, so root makes it as another user. It is made in a temporary directory,
 * because that user may not be able to enter the place where it shall be, and because the path of a
 * socket must be short.
 *
 * @param programs of the server
 * @param scale of pgbench; one is about 15 MB
 */
record PostgresDirectory(PostgresPrograms programs, int scale) implements DataSet {

  private static final int TRANSACTIONS = 10_000;
  private static final int SEED = 7;
  // One script, which stops the server even when the benchmark ends before. It listens on no port.
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
    try {
      Execution.run(output, script(temporary).toArray(String[]::new));
      Path cluster = temporary.resolve("data");
      Execution.run(output, "cp", "-a", cluster.toString(), directory.toString());
    } finally {
      DirectoryRemoval.remove(temporary);
      Files.delete(output);
    }
  }

  private List<String> script(Path temporary) throws IOException {
    List<String> words = new ArrayList<>();
    if (Machine.isRoot()) {
      words.addAll(List.of("runuser", "-u", give(temporary), "--"));
    }
    words.addAll(List.of("bash", "-c", SCRIPT, "postgres", temporary.toString()));
    words.add(programs.directory().toString());
    words.addAll(List.of("" + scale, "" + TRANSACTIONS, "" + SEED));
    return words;
  }

  /** Gives a directory to a user who is not root, and returns that user's name. */
  private static String give(Path directory) throws IOException {
    var users = directory.getFileSystem().getUserPrincipalLookupService();
    UserPrincipal user;
    try {
      user = users.lookupPrincipalByName("postgres");
    } catch (UserPrincipalNotFoundException notInstalledAsPackage) {
      user = users.lookupPrincipalByName("nobody");
    }
    Files.setOwner(directory, user);
    return user.getName();
  }
}
