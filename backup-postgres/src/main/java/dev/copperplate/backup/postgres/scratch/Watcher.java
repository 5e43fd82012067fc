package dev.copperplate.backup.postgres.scratch;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A process that waits for the end of this one, and then stops the server immediately, so that a
 * killed JVM leaves none running.
 */
record Watcher(Process process) implements AutoCloseable {

  /**
   * Reads until its input ends, which is when this process has gone. Under su the process that was
   * started is not the server but its parent, which is root's.
   */
  private static final String SCRIPT =
      "read -r line; kill -s QUIT \"$0\" 2>/dev/null"
          + " || { read -r pid <\"$1\" && kill -s QUIT \"$pid\"; }";

  static Watcher of(Process server, ServerLaunch launch) throws IOException {
    String file = launch.data().resolve("postmaster.pid").toString();
    List<String> words = List.of("sh", "-c", SCRIPT, Long.toString(server.pid()), file);
    ServerUser user = launch.user();
    return new Watcher(Command.start(user.running(words), Map.of()));
  }

  /** Ends it without a signal to anybody. */
  @Override
  public void close() {
    Command.kill(process.toHandle());
  }
}
