package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.capture.Facts;
import dev.copperplate.backup.postgres.wal.SegmentSize;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The WAL of a server of the tests as an archiver commits it, read from the server's own directory.
 *
 * @param from segments before this position are left out
 */
record ServerWal(String name, EmbeddedPostgres server, Lsn from) implements BackupSource {

  private static final EntryPath WAL = EntryPath.of("/wal");

  @Override
  public SourceId id() {
    return new SourceId("postgres-wal", name);
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
    try {
      Lsn end = Lsn.parse(server.sql("SELECT pg_current_wal_flush_lsn()"));
      int timeline =
          Integer.parseInt(server.sql("SELECT timeline_id FROM pg_control_checkpoint()"));
      SegmentSize size =
          new SegmentSize(
              Long.parseLong(
                  server.sql("SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'")));
      writer.fact(
          Manifest.IDENTITY, server.sql("SELECT system_identifier FROM pg_control_system()"));
      writer.fact(Facts.SERVER_VERSION, server.sql("SHOW server_version_num"));
      writer.fact(Facts.SEGMENT_BYTES, Long.toString(size.bytes()));
      writer.fact(Facts.TIMELINE, Integer.toString(timeline));
      writer.fact(Facts.START_LSN, from.toString());
      writer.fact(Facts.END_LSN, end.toString());
      for (Path each : files()) {
        write(writer, each, size, timeline, end);
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(server.data().resolve("pg_wal"))) {
      return files.sorted().toList();
    }
  }

  private void write(SnapshotWriter writer, Path file, SegmentSize size, int timeline, Lsn end)
      throws IOException {
    String name = file.getFileName().toString();
    if (TimelineHistory.ofFileName(name).isPresent()) {
      write(writer, WAL.child(name), Files.readAllBytes(file));
    }
    String plain = name.replace(WalSegment.PARTIAL, "");
    if (!size.isName(plain)) {
      return;
    }
    WalSegment segment = size.segment(plain);
    EntryPath directory = WAL.child(String.format(Locale.ROOT, "%08X", segment.timeline()));
    // What a promoted standby has of the timeline that it left may go beyond where it left.
    boolean wanted =
        segment.timeline() == timeline
            && from.isBefore(segment.end())
            && segment.start().isBefore(end);
    if (wanted && segment.contains(end)) {
      byte[] begun = Arrays.copyOf(Files.readAllBytes(file), (int) segment.offset(end));
      write(writer, directory.child(segment.partialName()), begun);
    } else if (wanted) {
      write(writer, directory.child(name), Files.readAllBytes(file));
    }
  }

  private static void write(SnapshotWriter writer, EntryPath path, byte[] content)
      throws IOException {
    try (EntryOutput out = writer.file(path, Attributes.PLAIN)) {
      out.write(content);
      out.commit();
    }
  }
}
