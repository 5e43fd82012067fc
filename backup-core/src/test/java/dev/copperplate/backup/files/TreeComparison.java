package dev.copperplate.backup.files;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares two directory trees byte by byte with their metadata: names, types, content, link
 * targets, permissions, owners, times of modification (of links to the microsecond), user.*
 * extended attributes, device numbers, and which names are links of one file. The two top
 * directories are compared by what they hold.
 */
public final class TreeComparison {

  private final StatusReader statuses = new StatusReader(false);
  private final Map<Long, RawName> expectedInodes = new HashMap<>();
  private final Map<Long, RawName> actualInodes = new HashMap<>();

  private TreeComparison() {}

  /** The first difference, in the order of names, or empty if the trees are the same. */
  public static Optional<String> firstDifference(Path expected, Path actual) throws IOException {
    return new TreeComparison().children(expected, actual, expected);
  }

  /** Fails with the first difference. */
  public static void assertSame(Path expected, Path actual) throws IOException {
    Optional<String> difference = firstDifference(expected, actual);
    if (difference.isPresent()) {
      throw new AssertionError(difference.get());
    }
  }

  private Optional<String> children(Path expected, Path actual, Path top) throws IOException {
    List<RawName> names = Listing.of(expected);
    List<RawName> others = Listing.of(actual);
    for (RawName name : names) {
      if (!others.contains(name)) {
        return Optional.of(PathBytes.child(expected, name) + " is missing in " + actual);
      }
    }
    for (RawName name : others) {
      if (!names.contains(name)) {
        return Optional.of(PathBytes.child(actual, name) + " is too much");
      }
    }
    for (RawName name : names) {
      Optional<String> difference =
          entry(PathBytes.child(expected, name), PathBytes.child(actual, name), top);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private Optional<String> entry(Path expected, Path actual, Path top) throws IOException {
    Status one = statuses.read(expected);
    Status other = statuses.read(actual);
    String difference = difference(one, other);
    if (difference == null) {
      difference = linkDifference(one, other, expected, top);
    }
    if (difference == null && one.type() == EntryType.SYMLINK) {
      difference = named("target", target(expected), target(actual));
    }
    if (difference == null && (one.type() == EntryType.FILE || one.isDirectory())) {
      difference =
          named(
              "extended attributes",
              ExtendedAttributes.read(expected),
              ExtendedAttributes.read(actual));
    }
    if (difference == null && one.type() == EntryType.FILE) {
      long at = Files.mismatch(expected, actual);
      difference = at < 0 ? null : "content differs at byte " + at;
    }
    if (difference != null) {
      return Optional.of(PathBytes.bytes(expected) + ": " + difference);
    }
    return one.isDirectory() ? children(expected, actual, top) : Optional.empty();
  }

  private static @Nullable String difference(Status one, Status other) {
    Attributes a = one.attributes();
    Attributes b = other.attributes();
    ChronoUnit unit = one.type() == EntryType.SYMLINK ? ChronoUnit.MICROS : ChronoUnit.NANOS;
    List<Optional<String>> differences =
        List.of(
            Optional.ofNullable(named("type", one.type(), other.type())),
            Optional.ofNullable(named("size", one.size(), other.size())),
            Optional.ofNullable(
                named(
                    "permissions",
                    Integer.toOctalString(a.permissions()),
                    Integer.toOctalString(b.permissions()))),
            Optional.ofNullable(named("owner", a.uid() + ":" + a.gid(), b.uid() + ":" + b.gid())),
            Optional.ofNullable(
                named("time", a.modified().truncatedTo(unit), b.modified().truncatedTo(unit))),
            Optional.ofNullable(named("links", a.links(), b.links())),
            Optional.ofNullable(named("device", one.deviceNumber(), other.deviceNumber())));
    return differences.stream().flatMap(Optional::stream).findFirst().orElse(null);
  }

  /** Names of one file on one side must be names of one file on the other. */
  private @Nullable String linkDifference(Status one, Status other, Path expected, Path top) {
    if (one.attributes().links() < 2) {
      return null;
    }
    RawName here = PathBytes.bytes(top.relativize(expected));
    RawName first = expectedInodes.putIfAbsent(one.attributes().inode(), here);
    RawName second = actualInodes.putIfAbsent(other.attributes().inode(), here);
    return named("first name of the same file", first, second);
  }

  private static RawName target(Path link) throws IOException {
    return PathBytes.bytes(Files.readSymbolicLink(link));
  }

  private static @Nullable String named(String what, @Nullable Object one, @Nullable Object other) {
    return Objects.equals(one, other) ? null : what + " is " + other + " instead of " + one;
  }
}
