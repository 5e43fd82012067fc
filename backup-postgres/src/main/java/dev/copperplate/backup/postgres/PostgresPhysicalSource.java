package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.capture.CaptureChoices;
import dev.copperplate.backup.postgres.capture.PhysicalCapture;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * A whole PostgreSQL cluster, as base backups that the server sends over its replication protocol:
 * no binary of PostgreSQL, no access to the server's disk, a primary or a standby.
 *
 * <p>A snapshot holds the data directory under {@code /cluster}, file by file, with the server's
 * {@code backup_manifest}, the WAL that makes it consistent, and the content of tablespaces in
 * {@code /cluster/pg_tblspc}. Each file is compared with the manifest's checksum as it arrives.
 * What the server says of damaged pages, or what differs from its manifest, makes the snapshot
 * damaged.
 *
 * <p>The role needs {@code LOGIN REPLICATION} and a line for replication in {@code pg_hba.conf},
 * two of {@code max_wal_senders} and one of {@code max_replication_slots}. Settings, slots and
 * roles are described beside the data as far as the role may see them, without secrets. Memory:
 * twenty-five bytes for each file of the cluster.
 *
 * <p>Facts of the manifest: {@code identity} (system identifier), {@code kind} ({@code full} or
 * {@code incremental}), {@code full-reason} (why it is no incremental), {@code chain} (1 for a
 * full, 2 for its first incremental), {@code parent-run}, {@code server-version} (as {@code
 * server_version_num}), {@code wal-segment-bytes}, {@code timeline}, {@code start-lsn}, {@code
 * end-lsn}, {@code end-time} (of the server's clock), {@code tablespace.OID} (its place on the
 * server).
 *
 * @see <a href="https://www.postgresql.org/docs/17/protocol-replication.html">PostgreSQL,
 *     "Streaming Replication Protocol"</a>
 */
public final class PostgresPhysicalSource implements BackupSource {

  /** The type of these sources; the WAL of the same name is {@code postgres-wal}. */
  public static final String TYPE = "postgres";

  private static final int MIN_RATE = 32;
  private static final int MAX_RATE = 1 << 20;

  private final SourceId id;
  private final PostgresServer server;
  private final CaptureChoices choices;

  private PostgresPhysicalSource(SourceId id, PostgresServer server, CaptureChoices choices) {
    this.id = id;
    this.server = server;
    this.choices = choices;
  }

  /**
   * The cluster of a server, always as full backups, with a checkpoint at once.
   *
   * @param name what the cluster is called, in snapshots and to people
   */
  public static PostgresPhysicalSource of(String name, PostgresServer server) {
    return new PostgresPhysicalSource(
        new SourceId(TYPE, name), server, new CaptureChoices(1, true, OptionalInt.empty()));
  }

  /**
   * As a chain: a full, then incrementals, each based on the backup before it, then a full again.
   * Needs PostgreSQL 17 with {@code summarize_wal}; where an incremental is not possible, a full is
   * taken and says why. A restore needs the whole chain, and retention keeps it.
   *
   * @param length how many backups a chain has at most, its full included
   */
  public PostgresPhysicalSource chain(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("A chain has at least its full backup: " + length);
    }
    return with(choices.chain(length));
  }

  /** Always as full backups: for one that has to stand alone, such as a monthly. */
  public PostgresPhysicalSource full() {
    return chain(1);
  }

  /** With a checkpoint that the server spreads over minutes, to spare its disks. */
  public PostgresPhysicalSource spreadCheckpoint() {
    return with(choices.spread());
  }

  /**
   * Lets the server send so much at most.
   *
   * @param bytesPerSecond 32 KiB to 1 GiB; the server counts whole KiB
   */
  public PostgresPhysicalSource rate(long bytesPerSecond) {
    long kilobytes = bytesPerSecond >> 10;
    if (kilobytes < MIN_RATE || kilobytes > MAX_RATE) {
      throw new IllegalArgumentException("The server limits its rate to 32 KiB to 1 GiB a second");
    }
    return with(choices.rate((int) kilobytes));
  }

  @Override
  public SourceId id() {
    return id;
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    new PhysicalCapture(id.name(), server.connections(), choices, writer, context).run();
  }

  /** Name, address and choices. */
  @Override
  public String toString() {
    return id + " of " + server + ", " + choices;
  }

  private PostgresPhysicalSource with(CaptureChoices other) {
    return new PostgresPhysicalSource(id, server, other);
  }
}
