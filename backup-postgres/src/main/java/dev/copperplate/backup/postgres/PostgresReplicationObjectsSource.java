package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.slots.ReplicationCapture;
import java.io.IOException;
import java.util.Objects;

/**
 * What feeds the consumers of a server's changes: replication slots with their positions,
 * publications and subscriptions, of all databases that take connections, but templates. A base
 * backup holds no slots, and after a restore somebody has to know which there were.
 *
 * <p>A snapshot has three lists, a line of JSON each: {@code /slots.jsonl} (logical and physical
 * ones without temporary ones; plugin, database, flags, positions, state of their WAL), {@code
 * /publications.jsonl} (tables with columns and row filters, schemas, options) and {@code
 * /subscriptions.jsonl}; and the SQL that {@code psql} runs to make them again, {@code
 * /physical-slots.sql} and {@code /databases/NAME.sql}. What has not changed has the same bytes.
 *
 * <p>Any role will do that may connect. Of subscriptions it reads where they connect to if it is a
 * superuser or has {@code pg_read_all_data}; without, they are captured without it and the snapshot
 * is partial, as it is where it may not connect to a database. No password of a subscription is
 * stored or told, only parameters that are known to hold no secret. Row filters are stored as they
 * are, with the values that they compare with.
 *
 * <p>Facts of the manifest: {@code kind} ({@code replication}), {@code identity} (system
 * identifier), {@code server-version} (as {@code server_version_num}), {@code timeline}, {@code
 * lsn} (where the server stood), {@code slots}, {@code publications} and {@code subscriptions} (how
 * many).
 *
 * <p>One connection at a time; memory for all of it, some hundred bytes for each slot and each
 * published table.
 *
 * @see <a href="https://www.postgresql.org/docs/17/view-pg-replication-slots.html">PostgreSQL,
 *     "pg_replication_slots"</a>
 */
public final class PostgresReplicationObjectsSource implements BackupSource {

  /** The type of these sources. */
  public static final String TYPE = "postgres-replication";

  private final SourceId id;
  private final PostgresServer server;

  private PostgresReplicationObjectsSource(SourceId id, PostgresServer server) {
    this.id = id;
    this.server = server;
  }

  /**
   * All of a server.
   *
   * @param name what it is called, in snapshots and to people
   */
  public static PostgresReplicationObjectsSource of(String name, PostgresServer server) {
    return new PostgresReplicationObjectsSource(
        new SourceId(TYPE, name), Objects.requireNonNull(server));
  }

  @Override
  public SourceId id() {
    return id;
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
    new ReplicationCapture(id, server.connections(), writer, context).run();
  }

  @Override
  public String toString() {
    return id + " of " + server;
  }
}
