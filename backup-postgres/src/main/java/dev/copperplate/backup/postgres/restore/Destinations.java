package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The directories that a restore writes into: empty or absent, and none within another.
 *
 * @param all the data directory first
 */
record Destinations(List<Path> all) {

  Destinations {
    all = List.copyOf(all);
  }

  /** Looks at them, and changes nothing. */
  void require() throws IOException {
    for (int i = 0; i < all.size(); i++) {
      requireApart(all.get(i), all.subList(i + 1, all.size()));
      requireEmpty(all.get(i));
    }
  }

  private static void requireApart(Path one, List<Path> others) throws BackupException {
    for (Path each : others) {
      if (each.startsWith(one) || one.startsWith(each)) {
        throw new BackupException(
            Kind.INVALID,
            "Cannot restore to both " + one + " and " + each + ": one lies within the other");
      }
    }
  }

  private static void requireEmpty(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
        if (names.iterator().hasNext()) {
          throw taken(directory, "it is not empty");
        }
      }
    } else if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw taken(directory, "it is no directory");
    }
  }

  private static BackupException taken(Path directory, String why) {
    return new BackupException(
        Kind.ALREADY_EXISTS,
        "Restore to "
            + directory
            + " refused, nothing was changed: "
            + why
            + ". Choose another place, or move away what is there");
  }

  /** Makes them, closed to others as the server demands. */
  void make() throws IOException {
    for (Path each : all) {
      Files.createDirectories(each);
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
