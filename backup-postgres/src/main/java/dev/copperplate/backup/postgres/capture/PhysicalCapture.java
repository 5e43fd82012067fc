package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.replication.BaseBackup;
import dev.copperplate.backup.postgres.replication.BaseBackup.Part;
import dev.copperplate.backup.postgres.replication.BaseBackup.Tablespace;
import dev.copperplate.backup.postgres.replication.BaseBackupOptions;
import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import dev.copperplate.backup.postgres.replication.ServerErrorException;
import dev.copperplate.backup.postgres.replication.ServerMessage;
import dev.copperplate.backup.postgres.replication.SystemIdentity;
import dev.copperplate.backup.postgres.replication.WalPosition;
import dev.copperplate.backup.postgres.wal.SegmentSize;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One base backup on its way into a snapshot. */
public final class PhysicalCapture {

  static final EntryPath CLUSTER = EntryPath.of("cluster");
  static final EntryPath MANIFEST = CLUSTER.child("backup_manifest");

  private static final RawName TABLESPACES = RawName.of("pg_tblspc");
  private static final Set<Kind> LOST = EnumSet.of(Kind.CONFLICT, Kind.MISSING, Kind.DAMAGED);
  private static final int OLDEST_VERSION = 150_000;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final String name;
  private final Server server;
  private final CaptureChoices choices;
  private final SnapshotWriter writer;
  private final CaptureContext context;
  private final ReceivedFiles received = new ReceivedFiles();

  public PhysicalCapture(
      String name,
      Server server,
      CaptureChoices choices,
      SnapshotWriter writer,
      CaptureContext context) {
    this.name = name;
    this.server = server;
    this.choices = choices;
    this.writer = writer;
    this.context = context;
  }

  /** Takes the backup, or leaves none. */
  public void run() throws IOException, InterruptedException {
    try (ReplicationConnection holding = connect()) {
      SystemIdentity system = holding.identify();
      int version = holding.version();
      requireSupported(version);
      SegmentSize size = new SegmentSize(holding.segmentSize());
      Basis basis = basis(holding, system, version);
      describe();
      String slot = slot();
      holding.holdWal(slot);
      try (Begun begun = begin(basis)) {
        facts(system, version, size, begun);
        parts(begun.backup());
        Optional<WalPosition> end = finish(begun.backup());
        if (end.isPresent()) {
          Instant time = island(size).write(holding, slot, begun.backup().start(), end.get().lsn());
          writer.fact(Facts.END_LSN, end.get().lsn().toString());
          writer.fact(Facts.END_TIME, time.toString());
        }
        RestoreGuide.write(
            writer, name, context, begun.basis(), version, begun.backup().tablespaces());
      }
    }
  }

  /** A role that may only replicate sees nothing of it, and its backups are as good. */
  private void describe() throws IOException {
    ServerDescription description = new ServerDescription();
    try {
      description.read(server);
    } catch (BackupException e) {
      context.report(
          Finding.info(
              name, "The server is not wholly described beside the data: " + e.getMessage()));
    }
    description.write(writer);
  }

  /**
   * A backup that the server has started.
   *
   * @param basis on what it is based
   */
  private record Begun(ReplicationConnection connection, BaseBackup backup, Basis basis)
      implements AutoCloseable {
    @Override
    public void close() {
      connection.close();
    }
  }

  private Basis basis(ReplicationConnection connection, SystemIdentity system, int version)
      throws IOException {
    boolean summarizing =
        choices.chainLength() > 1
            && version >= ParentSearch.FIRST_VERSION
            && connection.setting("summarize_wal").equals("on");
    return ParentSearch.choose(context, choices.chainLength(), system, version, summarizing);
  }

  /** Begins an incremental if it can be had, otherwise a full on a connection of its own. */
  private Begun begin(Basis basis) throws IOException {
    return basis instanceof Parent parent ? incrementalOrFull(parent) : full(basis);
  }

  private Begun incrementalOrFull(Parent parent) throws IOException {
    try {
      return incremental(parent);
    } catch (ServerErrorException refused) {
      return full(new NoParent("the server refused an incremental: " + refused.error()));
    } catch (BackupException lost) {
      if (!LOST.contains(lost.kind())) {
        throw lost;
      }
      return full(new NoParent("the earlier backup cannot be relied on: " + lost.getMessage()));
    }
  }

  private Begun full(Basis none) throws IOException {
    ReplicationConnection connection = connect();
    connection.listen(this::note);
    return new Begun(connection, connection.baseBackup(options(false)), none);
  }

  private Begun incremental(Parent parent) throws IOException {
    ReplicationConnection connection = connect();
    try (InputStream manifest = parent.openManifest()) {
      connection.uploadManifest(manifest);
      BaseBackup backup = connection.baseBackup(options(true));
      connection.listen(this::note); // not sooner: what it says of a refusal is no finding
      // Not sooner: a full must not depend on a parent that the server did not take.
      writer.dependsOn(parent.snapshot());
      return new Begun(connection, backup, parent);
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private ReplicationConnection connect() throws IOException {
    return context.attach(server.replicate());
  }

  private BaseBackupOptions options(boolean incremental) {
    return new BaseBackupOptions(
        "copperplate " + context.run(),
        choices.fastCheckpoint(),
        choices.kilobytesPerSecond(),
        incremental);
  }

  private void parts(BaseBackup backup) throws IOException {
    try {
      readParts(backup);
    } catch (ServerErrorException e) {
      throw explained(e);
    }
  }

  /** A standby that is promoted while it sends a base says so at the next file, or at the end. */
  private static BackupException explained(ServerErrorException e) {
    return e.isOfState()
        ? new BackupException(
            Kind.CONFLICT,
            "The server became another while it sent the base, which is worth nothing now: "
                + e.error()
                + ". Take it again",
            e)
        : e;
  }

  private void readParts(BaseBackup backup) throws IOException {
    ArchiveReading reading = new ArchiveReading(writer, CLUSTER, received);
    for (Optional<Part> part = backup.next(); part.isPresent(); part = backup.next()) {
      Optional<String> archive = part.get().archive();
      if (archive.isPresent()) {
        reading.read(backup.content(), below(archive.get()));
      } else {
        new ManifestComparison(received, context::report).read(backup.content(), writer);
      }
    }
  }

  /** Archives of tablespaces are called by their number. */
  private static List<RawName> below(String archive) throws BackupException {
    if (archive.equals("base.tar")) {
      return List.of();
    }
    String oid = archive.replaceFirst("[.]tar$", "");
    if (!oid.matches("[0-9]{1,10}")) {
      throw new BackupException(
          Kind.INVALID, "The server sent an archive of an unknown name: '" + archive + "'");
    }
    return List.of(TABLESPACES, RawName.of(oid));
  }

  /** Empty if the end is not known, because the server found damaged pages. */
  private Optional<WalPosition> finish(BaseBackup backup) throws IOException {
    try {
      return Optional.of(backup.finish());
    } catch (ServerErrorException e) {
      if (!e.isDataCorrupted()) {
        throw explained(e);
      }
      context.report(
          Finding.error(
              name,
              "The server found pages without their checksum: " + e.error().text(),
              "Look into its log, which names file and block, and restore the relation from an"
                  + " earlier backup"));
      return Optional.empty();
    }
  }

  private WalIsland island(SegmentSize size) {
    return new WalIsland(writer, CLUSTER.child("pg_wal"), size, context.clock(), PATIENCE);
  }

  private void facts(SystemIdentity system, int version, SegmentSize size, Begun begun) {
    writer.fact(Manifest.IDENTITY, system.system());
    writer.fact(Facts.SERVER_VERSION, Integer.toString(version));
    writer.fact(Facts.SEGMENT_BYTES, Long.toString(size.bytes()));
    writer.fact(Facts.TIMELINE, Integer.toString(begun.backup().start().timeline()));
    writer.fact(Facts.START_LSN, begun.backup().start().lsn().toString());
    writer.fact(Facts.CHAIN, Integer.toString(begun.basis().chain() + 1));
    if (begun.basis() instanceof Parent parent) {
      writer.fact(Facts.KIND, Facts.INCREMENTAL);
      writer.fact(Facts.PARENT_RUN, parent.snapshot().run().value());
    } else if (begun.basis() instanceof NoParent none) {
      writer.fact(Facts.KIND, Facts.FULL);
      writer.fact(Facts.FULL_REASON, none.reason());
    }
    for (Tablespace each : begun.backup().tablespaces()) {
      writer.fact(Facts.TABLESPACE + each.oid(), each.location());
    }
  }

  private void note(ServerMessage notice) {
    if (notice.severity().equals("WARNING")) {
      context.report(Finding.warning(name, "The server warns: " + notice.text(), ""));
    }
  }

  /** The slot lives as long as its connection; its name must be nobody else's. */
  private String slot() {
    String plain = context.run().value().toLowerCase(Locale.ROOT);
    String run = plain.replaceAll("[^a-z0-9]", "");
    return "copperplate_" + run.substring(0, Math.min(run.length(), 40));
  }

  private static void requireSupported(int version) throws BackupException {
    if (version < OLDEST_VERSION) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "PostgreSQL " + version / 10_000 + " is too old for base backups: 15 is the oldest");
    }
  }
}
