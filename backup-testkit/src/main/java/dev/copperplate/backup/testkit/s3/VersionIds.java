package dev.copperplate.backup.testkit.s3;

import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * Version ids: opaque, and without the order of time, as those of S3. They are computed from the
 * sequence numbers of the versions, so that a million of them take no room.
 */
final class VersionIds {

  /** The id of a version from a time when the bucket kept none. */
  static final String NULL = "null";

  private static final long FACTOR = 0x9e3779b97f4a7c15L;
  private static final int HALF = 16;

  private VersionIds() {}

  static String of(StoredVersion version) {
    return version.isNull() ? NULL : of(version.sequence());
  }

  private static String of(long sequence) {
    HexFormat hex = HexFormat.of();
    long scattered = sequence * FACTOR;
    return hex.toHexDigits(scattered) + hex.toHexDigits(check(scattered));
  }

  private static long check(long scattered) {
    return (scattered ^ scattered >>> 29) * 0xbf58476d1ce4e5b9L;
  }

  /** Empty for what is no id of this server. */
  static OptionalLong sequence(String id) {
    if (id.length() != 2 * HALF || !id.chars().allMatch(HexFormat::isHexDigit)) {
      return OptionalLong.empty();
    }
    long scattered = HexFormat.fromHexDigitsToLong(id, 0, HALF);
    long sequence = scattered * inverse();
    return of(sequence).equals(id) ? OptionalLong.of(sequence) : OptionalLong.empty();
  }

  /** Of the factor, modulo 2^64: each step of Newton's method doubles the bits that are right. */
  private static long inverse() {
    long inverse = FACTOR;
    for (int step = 0; step < 5; step++) {
      inverse *= 2 - FACTOR * inverse;
    }
    return inverse;
  }
}
