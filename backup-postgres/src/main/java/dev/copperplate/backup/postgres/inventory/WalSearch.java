package dev.copperplate.backup.postgres.inventory;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import dev.copperplate.backup.postgres.wal.WalRange;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks through the commits of an archiver, those that another one replaces left out. What one of
 * them lacks or cannot give is a finding, and may be in another.
 */
public final class WalSearch {

  private final Snapshots snapshots;
  private final String name;
  private final Consumer<Finding> findings;
  private final boolean everywhere;
  private final Map<Cluster, StoredWal> found = new HashMap<>();

  public WalSearch(Snapshots snapshots, String name, Consumer<Finding> findings) {
    this(snapshots, name, findings, false);
  }

  private WalSearch(
      Snapshots snapshots, String name, Consumer<Finding> findings, boolean everywhere) {
    this.snapshots = snapshots;
    this.name = name;
    this.findings = findings;
    this.everywhere = everywhere;
  }

  /** Looks also through those that are replaced, and says nothing of what it does not find. */
  public static WalSearch everywhere(Snapshots snapshots, String name) {
    return new WalSearch(snapshots, name, finding -> {}, true);
  }

  /** The WAL of each cluster of which there is any. */
  public Map<Cluster, StoredWal> all() throws IOException {
    new WalCommits(snapshots, name).each(this::look);
    return Map.copyOf(found);
  }

  /** The WAL of one cluster. */
  public StoredWal of(Cluster cluster) throws IOException {
    return all().getOrDefault(cluster, new StoredWal(cluster.segments()));
  }

  private boolean look(Snapshot snapshot) throws IOException {
    try (SnapshotReader reader = snapshots.open(snapshot)) {
      WalCommit commit = WalCommit.of(snapshot, reader.manifest());
      Cluster cluster = commit.cluster();
      add(commit, reader, found.computeIfAbsent(cluster, any -> new StoredWal(any.segments())));
      return commit.isStraight() && !everywhere;
    } catch (IllegalArgumentException wrong) {
      skip(snapshot, wrong);
    } catch (BackupException failure) {
      if (!isOfTheSnapshot(failure)) {
        throw failure;
      }
      skip(snapshot, failure);
    }
    return false;
  }

  /** A commit that retention removed meanwhile was replaced by one that has the same. */
  public static boolean isOfTheSnapshot(BackupException failure) {
    return switch (failure.kind()) {
      case NOT_FOUND, MISSING, DAMAGED -> true;
      default -> false;
    };
  }

  private void skip(Snapshot snapshot, Exception why) {
    findings.accept(
        Finding.warning(
            snapshot.source() + " of " + snapshot.time(),
            "cannot be read, so its WAL counts only where another commit has it: "
                + why.getMessage(),
            "Check the repository"));
  }

  private static void add(WalCommit commit, SnapshotReader reader, StoredWal wal)
      throws IOException {
    wal.add(commit);
    if (reader.entry(StoredSegment.ROOT).isEmpty()) {
      return;
    }
    addHistories(reader, wal);
    try (Cursor<Entry> walk = reader.walk(StoredSegment.ROOT, 2)) {
      for (Entry each = walk.next(); each != null; each = walk.next()) {
        if (each.type() == EntryType.FILE) {
          addSegment(commit, each, wal);
        }
      }
    }
  }

  /** First, because they say where the timelines end. */
  private static void addHistories(SnapshotReader reader, StoredWal wal) throws IOException {
    try (Cursor<Entry> walk = reader.walk(StoredSegment.ROOT, 1)) {
      for (Entry each = walk.next(); each != null; each = walk.next()) {
        Optional<Integer> timeline = TimelineHistory.ofFileName(each.path().name().toString());
        if (each.type() == EntryType.FILE && timeline.isPresent()) {
          wal.add(TimelineHistory.parse(timeline.get(), history(reader, each)));
        }
      }
    }
  }

  private static void addSegment(WalCommit commit, Entry file, StoredWal wal) {
    String name = file.path().name().toString();
    boolean whole = !name.endsWith(WalSegment.PARTIAL);
    String plain = whole ? name : name.substring(0, name.length() - WalSegment.PARTIAL.length());
    if (!wal.size().isName(plain)) {
      return;
    }
    WalSegment segment = wal.size().segment(plain);
    Lsn end = whole ? segment.end() : partialEnd(commit, segment, file.size(), wal);
    boolean fits = whole ? file.size() == wal.size().bytes() : segment.start().isBefore(end);
    StoredSegment version = new StoredSegment(segment, whole, end, commit.snapshot());
    if (fits && version.path().equals(file.path())) {
      wal.add(version);
    }
  }

  /** The file may be filled up with zeros, as the server's is; also before a gap. */
  private static Lsn partialEnd(WalCommit commit, WalSegment segment, long size, StoredWal wal) {
    Lsn end = segment.start().plus(Math.min(size, segment.size().bytes()));
    Optional<Lsn> known =
        commit.timeline() == segment.timeline()
            ? Optional.of(commit.end())
            : wal.history(commit.timeline()).flatMap(each -> each.endOf(segment.timeline()));
    Optional<Lsn> gap =
        commit.gaps().stream().map(WalRange::from).filter(segment::contains).findFirst();
    if (gap.isPresent()) {
      return gap.get();
    }
    return known.filter(each -> segment.contains(each) && each.isBefore(end)).orElse(end);
  }

  private static byte[] history(SnapshotReader reader, Entry file) throws IOException {
    try (InputStream in = reader.open(file, ByteRange.ALL)) {
      return in.readNBytes(TimelineHistory.MAX_BYTES + 1);
    }
  }
}
