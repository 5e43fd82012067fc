package dev.copperplate.backup.postgres.basebackup;

import dev.copperplate.backup.EntryPath;
import java.time.Instant;

/**
 * One file of a base backup, as its manifest has it.
 *
 * @param path below the data directory
 * @param size bytes
 * @param modified to the second
 * @param algorithm how it was summed up
 * @param checksum lower-case hexadecimal digits; empty without an algorithm
 */
public record ManifestFile(
    EntryPath path, long size, Instant modified, ChecksumAlgorithm algorithm, String checksum) {

  public ManifestFile {
    if (path.isRoot() || size < 0) {
      throw new IllegalArgumentException("Not a file of a base backup: " + path + ", " + size);
    }
  }
}
