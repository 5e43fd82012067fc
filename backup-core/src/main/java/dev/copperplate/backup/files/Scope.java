package dev.copperplate.backup.files;

import dev.copperplate.backup.RawName;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which entries below a backed-up path belong to the snapshot.
 *
 * @param excluded what is left out, with all below it
 * @param included if any: what is kept of the rest, with all below it
 */
record Scope(List<Glob> excluded, List<Glob> included) {

  static final Scope ALL = new Scope(List.of(), List.of());

  Scope {
    excluded = List.copyOf(excluded);
    included = List.copyOf(included);
  }

  Scope exclude(String... patterns) {
    return new Scope(joined(excluded, patterns), included);
  }

  Scope include(String... patterns) {
    return new Scope(excluded, joined(included, patterns));
  }

  /**
   * Whether an entry belongs to it, given that the directory above does.
   *
   * @param names the way from the backed-up path; empty for that path itself, which always belongs
   */
  boolean holds(List<RawName> names, boolean directory) {
    if (names.isEmpty()) {
      return true;
    }
    if (excluded.stream().anyMatch(each -> each.matches(names, directory))) {
      return false;
    }
    return directory || included.isEmpty() || isIncluded(names);
  }

  private boolean isIncluded(List<RawName> names) {
    for (int length = 1; length <= names.size(); length++) {
      List<RawName> above = names.subList(0, length);
      boolean directory = length < names.size();
      if (included.stream().anyMatch(each -> each.matches(above, directory))) {
        return true;
      }
    }
    return false;
  }

  private static List<Glob> joined(List<Glob> before, String... patterns) {
    return Stream.concat(before.stream(), Stream.of(patterns).map(Glob::of)).toList();
  }
}
