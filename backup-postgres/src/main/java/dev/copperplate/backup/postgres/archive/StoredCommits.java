package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.replication.WalPosition;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import dev.copperplate.backup.postgres.wal.WalRange;
import dev.copperplate.backup.postgres.wal.WalRanges;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the newest commits of a source hold, whoever made them. */
final class StoredCommits {

  /** How many commits are looked at, newest first, until one of the own slot ends a window. */
  private static final int MOST = 500;

  /** Where in a commit everything lies. */
  static final EntryPath ROOT = EntryPath.of("wal");

  private static final Logger LOG = LoggerFactory.getLogger(StoredCommits.class);

  private final Snapshots repository;
  private final List<Commit> commits;
  private final String slot;

  private StoredCommits(Snapshots repository, List<Commit> commits, String slot) {
    this.repository = repository;
    this.commits = commits;
    this.slot = slot;
  }

  /** A commit and its facts. */
  record Commit(Snapshot snapshot, WalFacts facts) {}

  static StoredCommits of(Snapshots repository, SourceId source, String slot) throws IOException {
    List<Commit> commits = new ArrayList<>();
    for (Snapshot each : repository.list(SnapshotFilter.of(source))) {
      if (each.state() != SnapshotState.DAMAGED && commits.size() < MOST) {
        Optional<WalFacts> facts = facts(repository, each);
        facts.ifPresent(known -> commits.add(new Commit(each, known)));
        if (facts.isPresent() && facts.get().closed() && facts.get().slot().equals(slot)) {
          break;
        }
      }
    }
    return new StoredCommits(repository, commits, slot);
  }

  private static Optional<WalFacts> facts(Snapshots repository, Snapshot snapshot)
      throws IOException {
    try (SnapshotReader reader = repository.open(snapshot)) {
      Optional<WalFacts> facts = WalFacts.of(reader.manifest());
      if (facts.isEmpty()) {
        LOG.warn("Snapshot {} has no facts of a WAL archive", snapshot.id().shortHex());
      }
      return facts;
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty(); // replaced, and removed since it was listed
      }
      throw e;
    }
  }

  /** The newest commit of all. */
  Optional<Commit> newest() {
    return commits.stream().findFirst();
  }

  /** The commit of the own slot that reaches furthest; its window goes on if it is open. */
  Optional<Commit> own() {
    return commits.stream().filter(each -> each.facts().slot().equals(slot)).max(reach());
  }

  /** How far the WAL is stored without a gap from what the own slot has, or else from any. */
  Optional<WalPosition> end() {
    Optional<Commit> best = own().isPresent() ? own() : commits.stream().max(reach());
    return best.map(each -> reach(each.facts().end()));
  }

  /** How far the WAL is stored without a gap from a position on. */
  WalPosition reach(WalPosition from) {
    WalRanges ranges = WalRanges.NONE;
    for (Commit each : commits) {
      ranges = ranges.and(ranges(each.facts(), from.timeline()));
    }
    return new WalPosition(ranges.reach(from.lsn()), from.timeline());
  }

  private static WalRanges ranges(WalFacts facts, int timeline) {
    if (facts.start().timeline() != timeline || facts.end().timeline() != timeline) {
      return WalRanges.NONE; // what lies between two timelines is known by its files alone
    }
    List<WalRange> ranges = new ArrayList<>();
    Lsn at = facts.start().lsn();
    for (WalRange gap : facts.gaps()) {
      ranges.add(new WalRange(at, at.isBefore(gap.from()) ? gap.from() : at));
      at = gap.to();
    }
    ranges.add(new WalRange(at, at.isBefore(facts.end().lsn()) ? facts.end().lsn() : at));
    return WalRanges.of(ranges);
  }

  /** The history of a timeline, as far as a commit has it. */
  TimelineHistory history(int timeline) throws IOException {
    EntryPath path = ROOT.child(TimelineHistory.fileName(timeline));
    for (Commit each : commits) {
      if (timeline > 1 && each.facts().end().timeline() == timeline) {
        try (SnapshotReader reader = repository.open(each.snapshot())) {
          Optional<Entry> file = reader.entry(path);
          if (file.isPresent()) {
            return TimelineHistory.parse(timeline, content(reader, file.get()));
          }
        }
      }
    }
    return TimelineHistory.without(timeline);
  }

  /**
   * What a commit has of the beginning of a segment; nothing if none ends within it.
   *
   * @param to how far it may be compared
   */
  Overlap overlap(WalSegment segment, Lsn to) throws IOException {
    Optional<Commit> best = own().isPresent() ? own() : commits.stream().max(reach());
    Optional<WalPosition> end =
        best.map(each -> each.facts().end())
            .filter(each -> each.timeline() == segment.timeline() && segment.contains(each.lsn()));
    return end.isPresent()
        ? overlap(
            best.get().snapshot(), segment, to.isBefore(end.get().lsn()) ? to : end.get().lsn())
        : Overlap.NONE;
  }

  private Overlap overlap(Snapshot commit, WalSegment segment, Lsn to) throws IOException {
    SnapshotReader reader;
    try {
      reader = repository.open(commit);
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Overlap.NONE; // replaced, and removed since it was listed
      }
      throw e;
    }
    Optional<Entry> file = reader.entry(WalCapture.path(segment, segment.partialName()));
    if (file.isEmpty() || to.equals(segment.start())) {
      reader.close();
      return Overlap.NONE;
    }
    InputStream in = reader.open(file.get(), new ByteRange(0, segment.offset(to)));
    return new Overlap(
        segment.start(),
        segment.offset(to),
        new FilterInputStream(in) {
          @Override
          public void close() throws IOException {
            super.close();
            reader.close();
          }
        });
  }

  private static byte[] content(SnapshotReader reader, Entry file) throws IOException {
    try (InputStream in = reader.open(file, ByteRange.ALL)) {
      return in.readNBytes(TimelineHistory.MAX_BYTES);
    }
  }

  private static Comparator<Commit> reach() {
    return Comparator.comparing((Commit each) -> each.facts().end().timeline())
        .thenComparing(each -> each.facts().end().lsn());
  }
}
