package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The directory that a broker made for its replica of a partition.
 *
 * @param path of the directory, which is no link
 * @param records whether segments in it are not empty
 */
record PartitionDirectory(Path path, boolean records) {

  /** By it the broker knows which topic that is. Without it the broker moves all aside. */
  private static final String IDENTITY = "partition.metadata";

  /**
   * Looks at it, and changes nothing.
   *
   * @return empty if there is none
   * @throws BackupException {@code CONFLICT} if it is not as a broker leaves it
   */
  static Optional<PartitionDirectory> find(Path logDirectory, String name) throws IOException {
    Path path = logDirectory.resolve(name);
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(path, "it is no directory. Put a real one there");
    }
    if (!Files.isRegularFile(path.resolve(IDENTITY), LinkOption.NOFOLLOW_LINKS)) {
      throw refused(
          path,
          "it has no "
              + IDENTITY
              + ", without which the broker takes it for a stray one. Start the broker and stop it"
              + " in order");
    }
    return Optional.of(new PartitionDirectory(path, holdsRecords(path)));
  }

  private static boolean holdsRecords(Path path) throws IOException {
    boolean records = false;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path each : files) {
        BasicFileAttributes file =
            Files.readAttributes(each, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (file.isDirectory()) {
          throw refused(path, "it has a directory within, " + each.getFileName() + ". Remove it");
        }
        records |= each.toString().endsWith(".log") && file.size() > 0;
      }
    }
    return records;
  }

  private static BackupException refused(Path path, String why) {
    return new BackupException(
        Kind.CONFLICT, "Restore onto " + path + " refused, nothing was changed: " + why);
  }

  /** Removes all that the broker makes anew, and links, but not what they lead to. */
  void empty() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path each : files) {
        if (!each.endsWith(IDENTITY)) {
          Files.delete(each);
        }
      }
    }
  }
}
