package dev.copperplate.backup.repository;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.pack.BlobWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the replica has, and what a copy has added to it. Of one thread. */
final class CopyState {

  /**
   * What a snapshot keeps when it is copied, by this library or by stock restic: its run, which for
   * other tools is the id of the first of its line, and what it says of its making.
   */
  private record Kept(
      RunId run, ContentId content, Instant time, String environment, SourceId source) {

    static Kept of(Snapshot each) {
      return new Kept(each.run(), each.content(), each.time(), each.environment(), each.source());
    }
  }

  private final Set<Kept> there = new HashSet<>();
  private final Set<RunId> runs = new HashSet<>();
  private final List<Snapshot> copied = new ArrayList<>();
  private long present;
  private long blobs;
  private long bytes;

  private CopyState() {}

  /** What the replica has. */
  static CopyState of(Collection<Snapshot> snapshots) {
    CopyState state = new CopyState();
    state.look(snapshots);
    return state;
  }

  /** How messages call a snapshot. */
  static String name(Snapshot snapshot) {
    return "snapshot " + snapshot.id().shortHex() + " of " + snapshot.source();
  }

  /** Notes anew what the replica has. */
  void look(Collection<Snapshot> snapshots) {
    there.clear();
    runs.clear();
    for (Snapshot each : snapshots) {
      there.add(Kept.of(each));
      runs.add(each.run());
    }
  }

  boolean isPresent(Snapshot snapshot) {
    return there.contains(Kept.of(snapshot));
  }

  boolean hasRun(RunId run) {
    return runs.contains(run);
  }

  void countPresent() {
    present++;
  }

  void add(Snapshot stored) {
    copied.add(stored);
    there.add(Kept.of(stored));
    runs.add(stored.run());
  }

  /** Counts what a writer has stored, at its end. */
  void count(BlobWriter writer) {
    blobs += writer.dataBlobs() + writer.treeBlobs();
    bytes += writer.bytesStored();
  }

  CopyReport report(List<Finding> findings) {
    return new CopyReport(copied, present, blobs, bytes, findings);
  }
}
