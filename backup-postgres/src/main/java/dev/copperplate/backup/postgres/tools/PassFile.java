package dev.copperplate.backup.postgres.tools;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that gives a password to PostgreSQL's programs, readable by its owner alone.
 *
 * @see <a href="https://www.postgresql.org/docs/17/libpq-pgpass.html">PostgreSQL, "The Password
 *     File"</a>
 */
final class PassFile {

  private PassFile() {}

  /** Writes one that holds for every server. */
  static void write(Path file, String password) throws IOException {
    if (password.indexOf('\n') >= 0 || password.indexOf('\r') >= 0) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "A password of several lines cannot be handed to pg_dump: change it, or capture with"
              + " dataOnly()");
    }
    String line = "*:*:*:*:" + password.replace("\\", "\\\\").replace(":", "\\:") + "\n";
    try (OutputStream out =
        Channels.newOutputStream(
            Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------"))))) {
      out.write(line.getBytes(StandardCharsets.UTF_8));
    }
  }
}
