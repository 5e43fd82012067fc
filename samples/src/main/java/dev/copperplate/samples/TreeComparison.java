package dev.copperplate.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares two directories: names, types, every byte of files, targets of links, permissions and
 * times of modification. To be used once.
 */
final class TreeComparison {

  private long files;

  /** The first difference, for a person to read. */
  Optional<String> firstDifference(Path expected, Path actual) throws IOException {
    PosixFileAttributes first = attributes(expected);
    PosixFileAttributes second = attributes(actual);
    Optional<String> difference = difference(expected, first, second);
    if (difference.isPresent()) {
      return difference;
    }
    if (first.isDirectory()) {
      return inDirectories(expected, actual);
    }
    if (first.isSymbolicLink()) {
      boolean same = Files.readSymbolicLink(expected).equals(Files.readSymbolicLink(actual));
      return same ? Optional.empty() : Optional.of(expected + ": the link points elsewhere");
    }
    return first.isRegularFile() ? inFiles(expected, actual) : Optional.empty();
  }

  /** How many files were compared. */
  long files() {
    return files;
  }

  private static Optional<String> difference(
      Path path, PosixFileAttributes first, PosixFileAttributes second) {
    if (!type(first).equals(type(second))) {
      return Optional.of(path + ": was a " + type(first) + " and is a " + type(second));
    }
    if (!first.permissions().equals(second.permissions())) {
      return Optional.of(path + ": the permissions differ");
    }
    if (!time(first).equals(time(second))) {
      return Optional.of(path + ": was modified at " + time(first) + ", is at " + time(second));
    }
    return Optional.empty();
  }

  private Optional<String> inDirectories(Path expected, Path actual) throws IOException {
    SortedSet<String> names = names(expected);
    SortedSet<String> others = names(actual);
    if (!names.equals(others)) {
      return Optional.of(expected + ": holds " + names.size() + " names, and " + others.size());
    }
    for (String each : names) {
      Optional<String> difference = firstDifference(expected.resolve(each), actual.resolve(each));
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private Optional<String> inFiles(Path expected, Path actual) throws IOException {
    files++;
    long at = Files.mismatch(expected, actual);
    return at < 0 ? Optional.empty() : Optional.of(expected + ": differs from byte " + at + " on");
  }

  private static SortedSet<String> names(Path directory) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try (Stream<Path> all = Files.list(directory)) {
      all.forEach(each -> names.add(String.valueOf(each.getFileName())));
    }
    return names;
  }

  private static PosixFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static String type(PosixFileAttributes attributes) {
    if (attributes.isDirectory()) {
      return "directory";
    }
    if (attributes.isSymbolicLink()) {
      return "link";
    }
    return attributes.isRegularFile() ? "file" : "special file";
  }

  /** The JDK writes the times of links in microseconds. */
  private static Instant time(PosixFileAttributes attributes) {
    FileTime time = attributes.lastModifiedTime();
    return attributes.isSymbolicLink()
        ? time.toInstant().truncatedTo(ChronoUnit.MICROS)
        : time.toInstant();
  }
}
