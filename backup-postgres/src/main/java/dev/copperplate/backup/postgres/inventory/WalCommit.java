package dev.copperplate.backup.postgres.inventory;

import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.archive.WalFacts;
import dev.copperplate.backup.postgres.capture.Facts;
import dev.copperplate.backup.postgres.wal.SegmentSize;
import dev.copperplate.backup.postgres.wal.WalRange;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * One commit of an archiver.
 *
 * @param snapshot where it is
 * @param cluster whose WAL it is
 * @param began on which timeline its window began, if it says so
 * @param timeline on which it ended
 * @param end up to where the WAL is stored
 * @param gaps what of it the server did not have any more
 */
public record WalCommit(
    Snapshot snapshot,
    Cluster cluster,
    OptionalInt began,
    int timeline,
    Lsn end,
    List<WalRange> gaps) {

  /**
   * Reads it from the manifest of a snapshot.
   *
   * @throws IllegalArgumentException if it is not the manifest of a commit of WAL
   */
  public static WalCommit of(Snapshot snapshot, Manifest manifest) {
    return new WalCommit(
        snapshot,
        new Cluster(
            BaseFacts.required(manifest, Manifest.IDENTITY),
            new SegmentSize(Long.parseLong(BaseFacts.required(manifest, Facts.SEGMENT_BYTES)))),
        manifest
            .get(WalFacts.START_TIMELINE)
            .map(each -> OptionalInt.of(Integer.parseInt(each)))
            .orElse(OptionalInt.empty()),
        Integer.parseInt(BaseFacts.required(manifest, Facts.TIMELINE)),
        Lsn.parse(BaseFacts.required(manifest, Facts.END_LSN)),
        WalFacts.gaps(manifest));
  }

  /**
   * Whether its end says up to where all of it can be recovered. Those that it replaces say more of
   * a timeline that was left meanwhile, and of the time before a gap.
   */
  boolean isStraight() {
    return gaps.isEmpty() && began.isPresent() && began.getAsInt() == timeline;
  }

  /** When what it holds had been received; its capture began then. */
  public Instant time() {
    return snapshot.time();
  }
}
