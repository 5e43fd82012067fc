package dev.copperplate.backup.files;

import dev.copperplate.backup.Attributes;
import java.time.Instant;
import java.util.Map;

/** Metadata for entries that no file system made. */
final class TestAttributes {

  static final Instant TIME = Instant.parse("2021-02-03T04:05:06.123456789Z");

  private TestAttributes() {}

  static Attributes of(int permissions) {
    return Attributes.PLAIN.permissions(permissions).modified(TIME);
  }

  /** Of one name of a file with several. */
  static Attributes linked(long inode, long links) {
    return new Attributes(0644, TIME, TIME, TIME, 0, 0, "", "", inode, 1, links, Map.of());
  }
}
