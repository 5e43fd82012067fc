package dev.copperplate.backup;

import java.util.regex.Pattern;

/**
 * The identity of a snapshot, known when its capture starts, kept as the tag {@code run=}. It
 * survives restic's {@code tag --add} and {@code copy}. Snapshots of other tools have the id of
 * their first ancestor instead.
 *
 * @param value letters, digits, dots, hyphens and underscores; at most 128
 */
public record RunId(String value) {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  public RunId {
    if (!PLAIN.matcher(value).matches()) {
      throw new IllegalArgumentException("A run id is up to 128 plain characters: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
