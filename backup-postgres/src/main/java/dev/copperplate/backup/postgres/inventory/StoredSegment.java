package dev.copperplate.backup.postgres.inventory;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.util.Comparator;
import java.util.Locale;

/**
 * One stored version of a segment.
 *
 * @param segment which one
 * @param whole whether it is full
 * @param end up to where it is known to hold WAL
 * @param snapshot where it is
 */
public record StoredSegment(WalSegment segment, boolean whole, Lsn end, Snapshot snapshot) {

  /** Where snapshots have the WAL. */
  public static final EntryPath ROOT = EntryPath.of("/wal");

  /** The best version first: whole, longest, of a snapshot that is not damaged, newest. */
  static final Comparator<StoredSegment> BEST =
      Comparator.comparing(StoredSegment::whole)
          .thenComparing(StoredSegment::end)
          .thenComparing(each -> each.snapshot().state() != SnapshotState.DAMAGED)
          .thenComparing(each -> each.snapshot().time())
          .reversed();

  /** Its path in the snapshot. */
  public EntryPath path() {
    String timeline = String.format(Locale.ROOT, "%08X", segment.timeline());
    return ROOT.child(timeline).child(fileName());
  }

  /** Its name there, and beside a restored data directory. */
  public String fileName() {
    return whole ? segment.name() : segment.partialName();
  }
}
