package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.archive.WalFacts;
import dev.copperplate.backup.postgres.capture.Facts;
import dev.copperplate.backup.postgres.wal.SegmentSize;
import dev.copperplate.backup.postgres.wal.WalRange;
import java.time.Instant;
import java.util.List;

/**
 * One commit of an archiver.
 *
 * @param snapshot where it is
 * @param identity the system identifier, decimal
 * @param segments how the cluster cuts its WAL
 * @param timeline on which it ended
 * @param end up to where the WAL is stored
 * @param gaps what of it the server did not have any more
 */
record WalCommit(
    Snapshot snapshot,
    String identity,
    SegmentSize segments,
    int timeline,
    Lsn end,
    List<WalRange> gaps) {

  /**
   * Reads it from the manifest of a snapshot.
   *
   * @throws IllegalArgumentException if it is not the manifest of a commit of WAL
   */
  static WalCommit of(Snapshot snapshot, Manifest manifest) {
    return new WalCommit(
        snapshot,
        BaseFacts.required(manifest, Manifest.IDENTITY),
        new SegmentSize(Long.parseLong(BaseFacts.required(manifest, Facts.SEGMENT_BYTES))),
        Integer.parseInt(BaseFacts.required(manifest, Facts.TIMELINE)),
        Lsn.parse(BaseFacts.required(manifest, Facts.END_LSN)),
        WalFacts.gaps(manifest));
  }

  /** When what it holds had been received; its capture began then. */
  Instant time() {
    return snapshot.time();
  }
}
