package dev.copperplate.backup.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the path {@code /proc/self/fd/N} of a directory that was opened just now. Such a path names
 * the open directory itself, so that what is done below it cannot be led elsewhere.
 *
 * <p>The JDK does not tell a descriptor's number, so it is found by device and inode. A directory
 * stream has exactly two descriptors. If there are more, somebody else in this process has the same
 * directory open and may close it at any time, after which the number means something else: then
 * there is no answer.
 */
final class Descriptor {

  private static final Path ALL = Path.of("/proc/self/fd");
  private static final int OF_A_STREAM = 2;

  private Descriptor() {}

  static Optional<Path> pathOf(@Nullable Object fileKey) {
    if (fileKey == null || !Files.isDirectory(ALL)) {
      return Optional.empty();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(ALL)) {
      for (Path number : numbers) {
        if (fileKey.equals(keyOf(number))) {
          found.add(number);
        }
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      return Optional.empty();
    }
    return found.size() == OF_A_STREAM ? Optional.of(found.get(0)) : Optional.empty();
  }

  private static @Nullable Object keyOf(Path number) {
    try {
      return Files.readAttributes(number, BasicFileAttributes.class).fileKey();
    } catch (IOException closedMeanwhile) {
      return null;
    }
  }
}
