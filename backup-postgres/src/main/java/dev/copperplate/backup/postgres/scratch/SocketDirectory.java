package dev.copperplate.backup.postgres.scratch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory of mode 0700 for a server's Unix socket, whose path must be short: 107 bytes with the
 * socket's name.
 */
record SocketDirectory(Path path) implements AutoCloseable {

  private static final int MAX_BYTES = 107 - "/.s.PGSQL.65535.lock".length();

  static SocketDirectory make(ServerUser user) throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    Path place = isShort(temporary) ? temporary : Path.of("/tmp");
    user.requireReach(place);
    Path directory = Files.createTempDirectory(place, "cp");
    try {
      user.own(directory);
      return new SocketDirectory(directory);
    } catch (IOException e) {
      Files.delete(directory);
      throw e;
    }
  }

  private static boolean isShort(Path temporary) {
    String longest = temporary.resolve("cp18446744073709551615").toString();
    return longest.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
  }

  /** Removes it, with the sockets of a server that was killed. */
  @Override
  public void close() throws IOException {
    Trees.delete(path);
  }
}
