package dev.copperplate.backup;

import java.util.regex.Pattern;

/**
 * The name of a snapshot's file in the repository. Changes when stock restic tags or copies the
 * snapshot; {@link RunId} does not.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record SnapshotId(String hex) {

  static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  public SnapshotId {
    if (!HASH.matcher(hex).matches()) {
      throw new IllegalArgumentException("A snapshot id is 64 hexadecimal digits: " + hex);
    }
  }

  /** The first eight digits, as restic shows it. */
  public String shortHex() {
    return hex.substring(0, 8);
  }

  @Override
  public String toString() {
    return hex;
  }
}
