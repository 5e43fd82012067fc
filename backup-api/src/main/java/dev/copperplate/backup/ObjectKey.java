package dev.copperplate.backup;

import org.jspecify.annotations.Nullable;

/**
 * The name of an object in a target: segments joined by slashes, such as {@code data/4f/4f1c…}.
 *
 * @param value printable ASCII, at most 1,000 characters; no segment is empty, {@code .} or {@code
 *     ..}
 */
public record ObjectKey(String value) {

  private static final int MAX_LENGTH = 1000;

  public ObjectKey {
    if (value.length() > MAX_LENGTH || !value.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("Not the key of an object: " + value);
    }
    for (String segment : value.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException("Not the key of an object: " + value);
      }
    }
  }

  // See EntryPath.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectKey key && value.equals(key.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
