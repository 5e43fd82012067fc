package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.basebackup.BackupManifest;
import dev.copperplate.backup.postgres.basebackup.ChecksumAlgorithm;
import dev.copperplate.backup.postgres.basebackup.FileChecksum;
import dev.copperplate.backup.postgres.basebackup.ManifestFile;
import dev.copperplate.backup.postgres.basebackup.ManifestWriter;
import dev.copperplate.backup.postgres.capture.Facts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Bases and WAL that no server made, with as much in them as a restore looks at. */
final class SyntheticSource implements BackupSource {

  static final String SYSTEM = "7000000000000000001";
  static final int SEGMENT = 1 << 20;

  private final SourceId id;
  private final Map<String, String> facts = new TreeMap<>();
  private final SortedMap<String, byte[]> files = new TreeMap<>();
  private final Map<String, String> links = new TreeMap<>();
  private Optional<Snapshot> parent = Optional.empty();
  private Optional<Snapshot> replaced = Optional.empty();
  private Lsn start = Lsn.NONE;
  private Lsn end = Lsn.NONE;
  private boolean base;

  private SyntheticSource(SourceId id, String system, int timeline) {
    this.id = id;
    fact(Manifest.IDENTITY, system);
    fact(Facts.SERVER_VERSION, "170011");
    fact(Facts.SEGMENT_BYTES, Integer.toString(SEGMENT));
    fact(Facts.TIMELINE, Integer.toString(timeline));
  }

  /** A full base that needs the WAL from one position to the other. */
  static SyntheticSource base(int timeline, String start, String end) {
    SyntheticSource source =
        new SyntheticSource(new SourceId("postgres", "shop"), SYSTEM, timeline);
    source.base = true;
    source.start = Lsn.parse(start);
    source.end = Lsn.parse(end);
    source.fact(Facts.KIND, Facts.FULL).fact(Facts.START_LSN, start).fact(Facts.END_LSN, end);
    source.file("global/pg_control", new byte[8192]).file("PG_VERSION", "17\n");
    source.file("backup_label", label(start, timeline));
    return source.file("postgresql.conf", "").file("base/1/16384", new byte[3 * 8192]);
  }

  /** A commit of WAL that ends on a timeline at a position. */
  static SyntheticSource wal(int timeline, String end) {
    SyntheticSource source =
        new SyntheticSource(new SourceId("postgres-wal", "shop"), SYSTEM, timeline);
    return source.fact(Facts.START_LSN, "0/0").fact(Facts.END_LSN, end);
  }

  private static byte[] label(String start, int timeline) {
    return bytes(
        "START WAL LOCATION: "
            + start
            + " (file x)\nCHECKPOINT LOCATION: "
            + start
            + "\nBACKUP FROM: primary\nSTART TIMELINE: "
            + timeline
            + "\n");
  }

  SyntheticSource fact(String key, String value) {
    facts.put(key, value);
    return this;
  }

  /** A file of the data directory, or of a commit of WAL below {@code /wal}. */
  SyntheticSource file(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  SyntheticSource file(String path, String content) {
    return file(path, bytes(content));
  }

  SyntheticSource without(String path) {
    files.remove(path);
    return this;
  }

  SyntheticSource link(String path, String target) {
    links.put(path, target);
    return this;
  }

  /** Full segments of a timeline, by number. */
  SyntheticSource segments(int timeline, int first, int last) {
    for (int i = first; i <= last; i++) {
      byte[] segment = new byte[SEGMENT];
      segment[0] = (byte) i;
      file(String.format(Locale.ROOT, "%08X/%08X%08X%08X", timeline, timeline, 0, i), segment);
    }
    return this;
  }

  /** The beginning of a segment. */
  SyntheticSource partial(int timeline, int number, int length) {
    byte[] segment = new byte[length];
    segment[length - 1] = 1;
    return file(
        String.format(Locale.ROOT, "%08X/%08X%08X%08X.partial", timeline, timeline, 0, number),
        segment);
  }

  /** An incremental that builds on an earlier base. */
  SyntheticSource on(Snapshot earlier, String earlierStart) {
    parent = Optional.of(earlier);
    fact(Facts.KIND, Facts.INCREMENTAL).fact(Facts.PARENT_RUN, earlier.run().value());
    String label = new String(files.get("backup_label"), StandardCharsets.US_ASCII);
    return file(
        "backup_label",
        label + "INCREMENTAL FROM LSN: " + earlierStart + "\nINCREMENTAL FROM TLI: 1\n");
  }

  /** A commit that holds what an earlier one of its timeline holds, and says so. */
  SyntheticSource replacing(Snapshot earlier) {
    replaced = Optional.of(earlier);
    return fact("start-timeline", facts.get(Facts.TIMELINE));
  }

  @Override
  public SourceId id() {
    return id;
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
    facts.forEach(writer::fact);
    if (parent.isPresent()) {
      writer.dependsOn(parent.get());
    }
    if (replaced.isPresent()) {
      writer.replaces(replaced.get());
    }
    EntryPath root = EntryPath.of(base ? "/cluster" : "/wal");
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      write(writer, below(root, each.getKey()), each.getValue());
    }
    for (Map.Entry<String, String> each : links.entrySet()) {
      writer.symlink(below(root, each.getKey()), RawName.of(each.getValue()), Attributes.PLAIN);
    }
    if (base && !files.containsKey(BackupManifest.NAME)) {
      write(writer, root.child(BackupManifest.NAME), manifest());
    }
  }

  /** The manifest that a server would send. */
  byte[] manifest() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ManifestWriter writer = new ManifestWriter(out, Optional.of(SYSTEM));
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      FileChecksum checksum = ChecksumAlgorithm.SHA256.begin();
      checksum.update(each.getValue(), 0, each.getValue().length);
      writer.add(
          new ManifestFile(
              EntryPath.of(each.getKey()),
              each.getValue().length,
              Instant.EPOCH,
              ChecksumAlgorithm.SHA256,
              checksum.hex()));
    }
    writer.finish(List.of(new BackupManifest.Wal(1, start, end)));
    return out.toByteArray();
  }

  private static EntryPath below(EntryPath root, String path) {
    EntryPath below = root;
    for (RawName each : EntryPath.of(path).names()) {
      below = below.child(each);
    }
    return below;
  }

  private static void write(SnapshotWriter writer, EntryPath path, byte[] content)
      throws IOException {
    try (EntryOutput out = writer.file(path, Attributes.PLAIN)) {
      out.write(content);
      out.commit();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
