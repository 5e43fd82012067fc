package dev.copperplate.backup.testkit.s3;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing: entries and common prefixes, together at most so many, in the order of the
 * keys.
 *
 * @param <T> the entries
 */
final class Page<T> {

  /** AWS gives no more at once. */
  static final int MOST = 1000;

  /** Sorts behind every key that begins with what stands before it. */
  private static final String BEHIND = Character.toString(Character.MAX_CODE_POINT);

  private final String prefix;
  private final String delimiter;
  private final int most;
  private final List<T> entries = new ArrayList<>();
  private final Set<String> commonPrefixes = new TreeSet<>(KeyOrder.UTF8);
  private boolean truncated;
  private String lastKey = "";

  Page(Request request, String parameterOfSize) {
    this.prefix = request.query().get("prefix", "");
    this.delimiter = request.query().get("delimiter", "");
    this.most = Math.min(MOST, request.query().number(parameterOfSize, MOST));
  }

  int most() {
    return most;
  }

  List<T> entries() {
    return Collections.unmodifiableList(entries);
  }

  Set<String> commonPrefixes() {
    return Collections.unmodifiableSet(commonPrefixes);
  }

  int size() {
    return entries.size() + commonPrefixes.size();
  }

  boolean isTruncated() {
    return truncated;
  }

  /** The last entry, unless a common prefix stands behind it. */
  Optional<T> lastEntry() {
    return commonPrefixes.contains(lastKey) || entries.isEmpty()
        ? Optional.empty()
        : Optional.of(entries.get(entries.size() - 1));
  }

  /** The key or common prefix that was added last. */
  String lastKey() {
    return lastKey;
  }

  /** Called for a key until it returns false: the page is full. */
  @FunctionalInterface
  interface Visitor<S> {
    boolean visit(String key, S value);
  }

  /**
   * Goes through sorted keys behind one, folding those with a common prefix into one.
   *
   * @param after the last key or common prefix of the page before; empty for the beginning
   * @param inclusive whether {@code after} itself is to be seen
   * @param counts whether there is anything to list of a key
   */
  <S> void fill(
      NavigableMap<String, S> keys,
      String after,
      boolean inclusive,
      Predicate<S> counts,
      Visitor<S> visitor) {
    if (most == 0) {
      return;
    }
    boolean fromPrefix = KeyOrder.UTF8.compare(prefix, after) > 0;
    String from = fromPrefix ? prefix : after;
    boolean included = fromPrefix || inclusive;
    if (!fromPrefix && isCommonPrefix(after)) {
      from = after + BEHIND;
    }
    while (from != null) {
      from = run(keys.tailMap(from, included), after, counts, visitor);
      included = true;
    }
  }

  private boolean isCommonPrefix(String key) {
    return !key.isEmpty() && key.startsWith(prefix) && key.equals(commonPrefix(key));
  }

  /** Returns where to go on behind a common prefix, or null for the end. */
  private <S> @Nullable String run(
      NavigableMap<String, S> keys, String after, Predicate<S> counts, Visitor<S> visitor) {
    for (var entry : keys.entrySet()) {
      String key = entry.getKey();
      if (!key.startsWith(prefix)) {
        return null;
      }
      if (!counts.test(entry.getValue())) {
        continue;
      }
      String common = commonPrefix(key);
      if (common.isEmpty()) {
        if (!visitor.visit(key, entry.getValue())) {
          return null;
        }
      } else if (!common.equals(after)) {
        if (!addCommonPrefix(common)) {
          return null;
        }
        return common + BEHIND;
      }
    }
    return null;
  }

  private String commonPrefix(String key) {
    int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
    return end < 0 ? "" : key.substring(0, end + delimiter.length());
  }

  private boolean addCommonPrefix(String common) {
    if (commonPrefixes.contains(common)) {
      return true;
    }
    if (isFull()) {
      return false;
    }
    commonPrefixes.add(common);
    lastKey = common;
    return true;
  }

  /** Adds an entry; returns false, and is truncated, if there is no room for it. */
  boolean add(String key, T entry) {
    if (isFull()) {
      return false;
    }
    entries.add(entry);
    lastKey = key;
    return true;
  }

  private boolean isFull() {
    truncated |= size() == most;
    return truncated;
  }
}
