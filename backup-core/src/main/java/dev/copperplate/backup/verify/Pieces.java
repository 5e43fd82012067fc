package dev.copperplate.backup.verify;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Which pieces of a file are read: number n begins at n times {@link #SIZE}. Pieces, and no whole
 * files, so that a sample is fair however large single files are.
 */
@FunctionalInterface
interface Pieces {

  /** Bytes of a piece. A chunk on a border is fetched for both sides, so pieces are larger. */
  long SIZE = 16 << 20;

  Pieces ALL = number -> true;

  Pieces NONE = number -> false;

  boolean contains(long number);

  /**
   * A number from 0 to 2^32 - 1 that depends on path and text alone: it is the same on every
   * machine and in every version.
   */
  static long hash(EntryPath path, String text) {
    CRC32 hash = new CRC32();
    for (RawName name : path.names()) {
      hash.update(name.toByteArray());
      hash.update('/');
    }
    hash.update(text.getBytes(StandardCharsets.UTF_8));
    return hash.getValue();
  }
}
