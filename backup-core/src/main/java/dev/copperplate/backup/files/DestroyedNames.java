package dev.copperplate.backup.files;

import dev.copperplate.backup.EntryPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a restore is going to destroy. Bounded: above the limit the deepest names become their
 * directory. Given the same names in the same order the result is the same.
 */
final class DestroyedNames {

  static final int LIMIT = 1_000;

  /** How much of a path is meant. */
  private enum Extent {
    /** A file or link. */
    ITSELF,
    /** A directory with all it holds. */
    TREE,
    /** Things in a directory that are too many to be named. */
    INSIDE
  }

  private final NavigableMap<EntryPath, Extent> names = new TreeMap<>();
  private final Map<Integer, Integer> depths = new HashMap<>();

  void add(EntryPath path, boolean directory) {
    if (contains(path)) {
      return;
    }
    put(path, directory ? Extent.TREE : Extent.ITSELF);
    while (names.size() > LIMIT) {
      collapse();
    }
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  /** Whether this was said to be destroyed, by its name or by that of a directory above. */
  boolean contains(EntryPath path) {
    if (names.containsKey(path) && names.get(path) != Extent.INSIDE) {
      return true;
    }
    for (EntryPath above = path; !above.isRoot(); ) {
      above = above.parent();
      @Nullable Extent extent = names.get(above);
      if (extent == Extent.TREE || extent == Extent.INSIDE) {
        return true;
      }
    }
    return false;
  }

  /** The names below the destination, sorted. */
  List<String> below(String destination) {
    String start = destination.endsWith("/") ? "" : destination;
    List<String> all = new ArrayList<>(names.size());
    names.forEach(
        (path, extent) -> {
          String name = path.isRoot() ? start : start + path;
          all.add(
              switch (extent) {
                case ITSELF -> name;
                case TREE -> name + "/";
                case INSIDE -> name + "/*";
              });
        });
    return all;
  }

  /** Replaces the deepest names in one directory by that directory. */
  private void collapse() {
    int deepest = depths.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
    EntryPath first =
        names.keySet().stream()
            .filter(each -> each.names().size() == deepest)
            .findFirst()
            .orElseThrow();
    if (first.isRoot()) {
      throw new IllegalStateException("One name is always within the limit");
    }
    EntryPath parent = first.parent();
    List<EntryPath> inside =
        names.tailMap(parent, true).keySet().stream()
            .takeWhile(each -> each.startsWith(parent))
            .toList();
    inside.forEach(this::remove);
    put(parent, Extent.INSIDE);
  }

  private void put(EntryPath path, Extent extent) {
    if (names.put(path, extent) == null) {
      depths.merge(path.names().size(), 1, Integer::sum);
    }
  }

  private void remove(EntryPath path) {
    names.remove(path);
    depths.computeIfPresent(path.names().size(), (depth, count) -> count == 1 ? null : count - 1);
  }
}
