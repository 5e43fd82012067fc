package dev.copperplate.backup.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * The path {@code /proc/self/fd/N} of a directory that was opened just now. Such a path names the
 * open directory itself, so that what is done below it cannot be led elsewhere.
 *
 * <p>The JDK does not tell a descriptor's number, so it is found by device and inode among those
 * that are not known already. A directory stream has exactly two descriptors. If there are more,
 * somebody else in this process has the same directory open and may close it at any time, after
 * which the number means something else: then there is no answer.
 */
final class Descriptor {

  private static final Path ALL = Path.of("/proc/self/fd");
  private static final int OF_A_STREAM = 2;

  /** Those of all open directories of this class. */
  private static final Set<Path> KNOWN = ConcurrentHashMap.newKeySet();

  private static final int MOST_RECENT = 16;

  /** Those that directories of this class had. */
  private static final Deque<Path> RECENT = new ConcurrentLinkedDeque<>();

  private final Set<Path> numbers;

  private Descriptor(Set<Path> numbers) {
    this.numbers = numbers;
  }

  /**
   * Finds it; to be {@linkplain #forget forgotten} before the stream is closed.
   *
   * @param made whether the directory was made by this run
   */
  static Optional<Descriptor> of(@Nullable Object fileKey, boolean made) {
    if (fileKey == null) {
      return Optional.empty();
    }
    Set<Path> found = made ? matching(RECENT, fileKey) : Set.of();
    if (found.size() != OF_A_STREAM) {
      found = matching(all(), fileKey);
    }
    if (found.size() != OF_A_STREAM) {
      return Optional.empty();
    }
    KNOWN.addAll(found);
    return Optional.of(new Descriptor(found));
  }

  private static List<Path> all() {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(ALL)) {
      numbers.forEach(all::add);
    } catch (IOException | DirectoryIteratorException notThisSystem) {
      return List.of();
    }
    return all;
  }

  private static Set<Path> matching(Collection<Path> numbers, Object fileKey) {
    Set<Path> found = new HashSet<>();
    for (Path number : numbers) {
      if (!KNOWN.contains(number) && fileKey.equals(keyOf(number))) {
        found.add(number);
      }
    }
    return found;
  }

  /** Either of the two will do. */
  Path path() {
    return numbers.iterator().next();
  }

  void forget() {
    KNOWN.removeAll(numbers);
    for (Path number : numbers) {
      RECENT.remove(number);
      RECENT.addFirst(number);
    }
    while (RECENT.size() > MOST_RECENT) {
      RECENT.pollLast();
    }
  }

  private static @Nullable Object keyOf(Path number) {
    // Most are sockets and jars; this look is the cheaper one.
    if (!Files.isDirectory(number)) {
      return null;
    }
    try {
      return Files.readAttributes(number, BasicFileAttributes.class).fileKey();
    } catch (IOException closedMeanwhile) {
      return null;
    }
  }
}
