package dev.copperplate.backup.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** PostgreSQL's programs behind scripts that note how they are called, environment included. */
final class NotingTools {

  private NotingTools() {}

  /** Makes them in a directory, which is returned. */
  static Path make(Path directory, Path notes) throws IOException {
    Files.createDirectories(directory);
    for (String each : List.of("pg_dump", "pg_restore", "pg_dumpall")) {
      String real = PgTools.stock().path(each).toString();
      script(
          directory.resolve(each),
          "{ printf '%s\\n' \"$0\" \"$@\"; env; } >> '" + notes + "'\nexec '" + real + "' \"$@\"");
    }
    return directory;
  }

  /** Writes a program of the shell. */
  static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
