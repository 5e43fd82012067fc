package dev.copperplate.backup.postgres.scratch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Makes a data directory with nothing in it, by {@code initdb}. */
public final class NewCluster {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private NewCluster() {}

  /**
   * Makes it: in UTF-8, sorted by bytes, not flushed to disk, open to whoever reaches its socket.
   *
   * @param data in a directory of the user; removed again by {@code initdb} if it fails
   * @param superuser the name of its first role
   * @throws dev.copperplate.backup.BackupException {@code INVALID} with the program's words if it
   *     fails, {@code UNAVAILABLE} if it takes longer than ten minutes
   */
  public static void make(PostgresBinaries binaries, Path data, ServerUser user, String superuser)
      throws IOException, InterruptedException {
    user.requireReach(binaries.directory());
    List<String> words =
        List.of(
            binaries.program("initdb"),
            "--pgdata=" + data,
            "--username=" + superuser,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions");
    new Command(user.running(words), Map.of()).run(LIMIT).outputOrThrow();
  }
}
