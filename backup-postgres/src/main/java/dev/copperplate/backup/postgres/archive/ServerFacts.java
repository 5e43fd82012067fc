package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.postgres.wal.SegmentSize;

/**
 * What does not change while a server runs.
 *
 * @param system its system identifier
 * @param version such as 170011
 * @param size of its segments
 */
record ServerFacts(String system, int version, SegmentSize size) {

  boolean isSystemOf(WalFacts commit) {
    return system.equals(commit.system()) && size.equals(commit.size());
  }
}
