package dev.copperplate.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where an entry lies in its snapshot: names from the root. Ascending order is that of a walk: by
 * name bytes, a directory before what it holds.
 *
 * @param names none may be empty, {@code .} or {@code ..}, or hold a slash or NUL
 */
public record EntryPath(List<RawName> names) implements Comparable<EntryPath> {

  /** The root of every snapshot. */
  public static final EntryPath ROOT = new EntryPath(List.of());

  public EntryPath {
    names = List.copyOf(names);
    for (RawName name : names) {
      if (!isValid(name)) {
        throw new IllegalArgumentException("Not a name of an entry: '" + name + "'");
      }
    }
  }

  /**
   * Reads a path from constants: {@code a/b} and {@code /a/b} are the same, {@code /} is the root.
   */
  public static EntryPath of(String slashed) {
    List<RawName> names = new ArrayList<>();
    for (String part : slashed.split("/", -1)) {
      names.add(RawName.of(part));
    }
    if (names.get(0).length() == 0) {
      names.remove(0);
    }
    if (names.size() == 1 && names.get(0).length() == 0) {
      names.clear();
    }
    return new EntryPath(names);
  }

  /** Whether the bytes can name an entry. */
  public static boolean isValid(RawName name) {
    return name.isEntryName();
  }

  public EntryPath child(String name) {
    return child(RawName.of(name));
  }

  public EntryPath child(RawName name) {
    List<RawName> longer = new ArrayList<>(names.size() + 1);
    longer.addAll(names);
    longer.add(name);
    return new EntryPath(longer);
  }

  /**
   * The directory that holds it.
   *
   * @throws IllegalStateException for the root
   */
  public EntryPath parent() {
    if (isRoot()) {
      throw new IllegalStateException("The root has no parent");
    }
    return new EntryPath(names.subList(0, names.size() - 1));
  }

  /**
   * Its last name.
   *
   * @throws IllegalStateException for the root
   */
  public RawName name() {
    if (isRoot()) {
      throw new IllegalStateException("The root has no name");
    }
    return names.get(names.size() - 1);
  }

  public boolean isRoot() {
    return names.isEmpty();
  }

  /** Whether it is the other path or lies below it. */
  public boolean startsWith(EntryPath other) {
    return names.size() >= other.names.size()
        && names.subList(0, other.names.size()).equals(other.names);
  }

  @Override
  public int compareTo(EntryPath other) {
    int shared = Math.min(names.size(), other.names.size());
    for (int i = 0; i < shared; i++) {
      int order = names.get(i).compareTo(other.names.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(names.size(), other.names.size());
  }

  // Written out, as in other records that are keys of maps: what a record gets by itself is linked
  // anew in each process, and takes that some milliseconds.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EntryPath path && names.equals(path.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  /** The path with slashes, for messages. */
  @Override
  public String toString() {
    return names.stream().map(RawName::toString).collect(Collectors.joining("/", "/", ""));
  }
}
