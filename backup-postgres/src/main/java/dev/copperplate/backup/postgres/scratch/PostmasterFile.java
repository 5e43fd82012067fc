package dev.copperplate.backup.postgres.scratch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a running server says of itself in {@code postmaster.pid}: the process, the directory of its
 * Unix socket, and its state: {@code starting}, {@code standby}, {@code ready} or {@code stopping}.
 *
 * @see <a
 *     href="https://git.postgresql.org/gitweb/?p=postgresql.git;a=blob;f=src/include/utils/pidfile.h;hb=REL_17_STABLE">the
 *     lines of the file</a>
 */
record PostmasterFile(long pid, String socketDirectory, String status) {

  private static final int SOCKET_DIRECTORY = 4;
  private static final int STATUS = 7;

  /** Empty where there is none, or it is not whole yet. */
  static Optional<PostmasterFile> read(Path data) throws IOException {
    try {
      Path file = data.resolve("postmaster.pid");
      return parse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static Optional<PostmasterFile> parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.get(0).matches("[1-9][0-9]{0,9}")) {
      return Optional.empty();
    }
    return Optional.of(
        new PostmasterFile(
            Long.parseLong(lines.get(0)), line(lines, SOCKET_DIRECTORY), line(lines, STATUS)));
  }

  private static String line(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index).strip() : "";
  }
}
