package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.capture.Facts;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Bases and WAL of one name that are nowhere stored: facts, histories of timelines, and whether
 * they can be read. Counts how often one is opened.
 */
final class SyntheticSnapshots implements Snapshots {

  static final String NAME = "shop";
  static final SourceId BASES = new SourceId("postgres", NAME);
  static final SourceId WAL = new SourceId("postgres-wal", NAME);

  private final List<Snapshot> all = new ArrayList<>();
  private final Map<SnapshotId, Content> contents = new HashMap<>();
  private int number;
  private int opened;

  private record Content(Map<String, String> facts, Map<EntryPath, byte[]> files) {}

  /** A base that lasted an hour, of the synthetic system. */
  Snapshot base(Instant time, int timeline, long start, long end, Snapshot... parents) {
    Map<String, String> facts = facts(timeline, end);
    facts.put(Facts.KIND, parents.length == 0 ? Facts.FULL : Facts.INCREMENTAL);
    facts.put(Facts.START_LSN, new Lsn(start).toString());
    facts.put(Facts.END_TIME, time.plusSeconds(3600).toString());
    Snapshot base = snapshot(BASES, time, List.of(parents), Optional.empty());
    return add(base, facts, Map.of());
  }

  /** A commit that ends on a timeline at a position. */
  Snapshot wal(Instant time, int timeline, long end) {
    return wal(time, timeline, end, Optional.empty(), Optional.empty());
  }

  /** A commit that replaces another, and holds the history of its timeline. */
  Snapshot wal(
      Instant time,
      int timeline,
      long end,
      Optional<Snapshot> replaced,
      Optional<TimelineHistory> history) {
    Map<String, String> facts = facts(timeline, end);
    facts.put("start-timeline", Integer.toString(timeline));
    Map<EntryPath, byte[]> files = new HashMap<>();
    history.ifPresent(
        each ->
            files.put(
                EntryPath.of("/wal").child(TimelineHistory.fileName(each.timeline())),
                each.toBytes()));
    return add(snapshot(WAL, time, List.of(), replaced), facts, files);
  }

  private static Map<String, String> facts(int timeline, long end) {
    Map<String, String> facts = new HashMap<>();
    facts.put(Manifest.IDENTITY, SyntheticSource.SYSTEM);
    facts.put(Facts.SERVER_VERSION, "170011");
    facts.put(Facts.SEGMENT_BYTES, Integer.toString(SyntheticSource.SEGMENT));
    facts.put(Facts.TIMELINE, Integer.toString(timeline));
    facts.put(Facts.END_LSN, new Lsn(end).toString());
    return facts;
  }

  private Snapshot snapshot(
      SourceId source, Instant time, List<Snapshot> parents, Optional<Snapshot> replaced) {
    String hex = String.format(Locale.ROOT, "%064x", ++number);
    return new Snapshot(
        new SnapshotId(hex),
        new RunId("run-" + number),
        new ContentId(hex),
        source,
        "test",
        time,
        SnapshotState.COMPLETE,
        parents.stream().map(Snapshot::run).toList(),
        replaced.map(Snapshot::run),
        Optional.empty(),
        Set.of(),
        1,
        1);
  }

  private Snapshot add(Snapshot snapshot, Map<String, String> facts, Map<EntryPath, byte[]> files) {
    all.add(snapshot);
    contents.put(snapshot.id(), new Content(facts, files));
    return snapshot;
  }

  /** Puts a fact into one, or takes it out with an empty value. */
  void fact(Snapshot snapshot, String key, String value) {
    contents.get(snapshot.id()).facts().put(key, value);
    contents.get(snapshot.id()).facts().values().removeIf(String::isEmpty);
  }

  /** From now on it cannot be read. */
  void damage(Snapshot snapshot) {
    contents.remove(snapshot.id());
  }

  void remove(Collection<Snapshot> gone) {
    all.removeAll(gone);
  }

  int opened() {
    return opened;
  }

  /** The commits, newest first. */
  List<Snapshot> wal() {
    return list(SnapshotFilter.of(WAL));
  }

  @Override
  public List<Snapshot> list(SnapshotFilter filter) {
    return all.stream()
        .filter(each -> filter.source().map(each.source()::equals).orElse(true))
        .sorted(Comparator.comparing(Snapshot::time).reversed())
        .toList();
  }

  @Override
  public SnapshotReader open(Snapshot snapshot) throws IOException {
    opened++;
    Content content = contents.get(snapshot.id());
    if (content == null) {
      throw new BackupException(BackupException.Kind.DAMAGED, "its tree is damaged");
    }
    return new Reader(snapshot, content);
  }

  private record File(EntryPath path, byte[] content) implements Entry {

    @Override
    public EntryType type() {
      return EntryType.FILE;
    }

    @Override
    public Attributes attributes() {
      return Attributes.PLAIN;
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public Optional<RawName> linkTarget() {
      return Optional.empty();
    }

    @Override
    public long deviceNumber() {
      return 0;
    }
  }

  private record Reader(Snapshot snapshot, Content content) implements SnapshotReader {

    @Override
    public Manifest manifest() {
      return new Manifest(content.facts());
    }

    @Override
    public Optional<Entry> entry(EntryPath path) {
      return Optional.ofNullable(content.files().get(path)).map(each -> new File(path, each));
    }

    @Override
    public Cursor<Entry> walk(EntryPath from, int depth) {
      throw new UnsupportedOperationException("Facts and histories are enough");
    }

    @Override
    public InputStream open(Entry file, ByteRange range) {
      return new ByteArrayInputStream(((File) file).content());
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
