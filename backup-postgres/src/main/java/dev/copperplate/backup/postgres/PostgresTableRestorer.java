package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.drill.DrillChoices;
import dev.copperplate.backup.postgres.inventory.BaseFacts;
import dev.copperplate.backup.postgres.load.base.BaseTables;
import dev.copperplate.backup.postgres.load.table.LiveConnector;
import dev.copperplate.backup.postgres.load.table.SafetyCopy;
import dev.copperplate.backup.postgres.load.table.TableChoices;
import dev.copperplate.backup.postgres.load.table.TableName;
import dev.copperplate.backup.postgres.load.table.TableRestore;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.repository.BackupRepository;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Restores single tables of a {@linkplain PostgresLogicalSource logical snapshot}, or {@linkplain
 * #fromBase out of a base backup}, into a database that is in use, under their own names or
 * {@linkplain #as others}.
 *
 * <pre>{@code
 * repository.restore(
 *     snapshot,
 *     PostgresTableRestorer.into(server).table("sales", "orders").as("rescue", "orders"));
 * }</pre>
 *
 * <p><b>A table that is not there</b> is created as it was: columns, defaults, identity and
 * generated columns, checks, keys, indexes, its own sequences and partitions. Its schema, types and
 * functions must be there. Grants, comments, triggers, row-level security, rules, extended
 * statistics and membership of publications are not restored. A partition or an inheritance child
 * stands alone; a finding has the SQL that attaches it. Names of indexes and sequences that are
 * taken are replaced by others.
 *
 * <p><b>A table that is there</b> keeps its definition and gets the rows, if it is empty or {@link
 * #truncate} was said; {@code ALREADY_EXISTS} otherwise. It must have the columns that were stored.
 * Triggers do not fire. Others wait for the table until its rows are there, and cannot delete rows
 * of other tables that its foreign keys refer to, as with any insert. A table to which foreign keys
 * of others refer cannot be truncated: restore it under another name.
 *
 * <p><b>Each table in one transaction</b>, in the order in which they are named: nobody sees a part
 * of one, and what fails leaves nothing of it. Rows whose sum differs from what was stored are
 * {@code DAMAGED}. Sequences end up behind all that they had given out, and the table is analysed.
 *
 * <p><b>Other tables are not locked</b>, so that nobody who uses them waits. Foreign keys of new
 * tables are therefore left out, and a warning has the SQL that adds them, unless {@link
 * #foreignKeys} was said.
 *
 * <p><b>As the owner, not as whoever connects</b>: the recorded owner of a new table, the owner of
 * one that is there, where the role may act as that one. Expressions of the snapshot, in defaults,
 * checks and indexes, are single statements, with an empty {@code search_path}, and call functions
 * of this database as that role. One that was made to do so could get back the rights of the role
 * that connected: to restore a snapshot that somebody else may have forged, connect as the owner.
 *
 * <p>Facts of the report: {@code rows}; {@code kept} after {@link #safely}. Messages hold names and
 * numbers of lines, never values. Memory: some kilobytes for each wanted table and partition, and
 * 128 KiB for rows. One connection. Immutable and thread-safe.
 *
 * @see <a href="https://www.postgresql.org/docs/17/explicit-locking.html">PostgreSQL, "Explicit
 *     Locking"</a>
 */
public final class PostgresTableRestorer implements Restorer {

  private final LiveConnector connector;
  private final String place;
  private final TableChoices choices;
  private final Optional<PostgresDrill> scratch;
  private final Optional<SafetyCopy> safety;
  private final boolean undoing;

  private PostgresTableRestorer(
      LiveConnector connector,
      String place,
      TableChoices choices,
      Optional<PostgresDrill> scratch,
      Optional<SafetyCopy> safety,
      boolean undoing) {
    this.connector = connector;
    this.place = place;
    this.choices = choices;
    this.scratch = scratch;
    this.safety = safety;
    this.undoing = undoing;
  }

  private static PostgresTableRestorer of(LiveConnector connector, String place) {
    return new PostgresTableRestorer(
        connector, place, TableChoices.DEFAULT, Optional.empty(), Optional.empty(), false);
  }

  /** Into the database that the server's address names. */
  public static PostgresTableRestorer into(PostgresServer server) {
    Objects.requireNonNull(server);
    return of(server::connect, server.toString());
  }

  /**
   * Into the database of the host's pool, of which one connection is taken and given back as it
   * was; it is aborted when the restore fails or is cancelled.
   */
  public static PostgresTableRestorer through(DataSource pool) {
    Objects.requireNonNull(pool);
    return of(() -> pooled(pool), "the pool's PostgreSQL");
  }

  private static Connection pooled(DataSource pool) throws IOException {
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      throw new BackupException(
          Kind.UNAVAILABLE, "The pool gives no connection", Connections.failure("Waiting", e));
    }
  }

  /**
   * Takes the tables out of a base backup: the base is restored into the scratch directory of the
   * run and started there, as a drill does it, with its programs and as far as its {@linkplain
   * PostgresDrill#target target}; then its tables are captured, and restored from there. The {@link
   * #database} has to be said. Needs room for the whole cluster and for these tables, compressed. A
   * dry run makes the copy, too, because nothing else knows the tables.
   */
  public PostgresTableRestorer fromBase(PostgresDrill copy) {
    return new PostgresTableRestorer(connector, place, choices, Optional.of(copy), safety, undoing);
  }

  /** The database of the snapshot; to be said if it holds several. */
  public PostgresTableRestorer database(String name) {
    return with(choices.database(name));
  }

  /**
   * Also this table, with its partitions. Names are as the catalog has them, without quotes.
   *
   * @throws IllegalArgumentException if a name is empty
   */
  public PostgresTableRestorer table(String schema, String name) {
    return with(choices.table(new TableName(schema, name)));
  }

  /**
   * The table that was named last under another name. Its partitions begin with it instead of the
   * old one and are in its schema.
   *
   * @throws IllegalArgumentException if a name is empty or longer than 63 bytes
   */
  public PostgresTableRestorer as(String schema, String name) {
    return with(choices.as(TableName.chosen(schema, name)));
  }

  /**
   * Removes all rows of a table that is there, before its own are loaded. The plan names each such
   * table, and it must be confirmed.
   */
  public PostgresTableRestorer truncate() {
    return with(choices.truncating());
  }

  /**
   * Keeps the rows that {@link #truncate} removes, each table's in a snapshot of its own, so that
   * {@link #undo} brings them back. Between the copy and the restore nobody can write into the
   * table, so that it holds all that was ever committed; others go on reading it until then. The
   * fact {@code kept} of the report has the runs of these snapshots. Their source is of the type
   * {@code postgres-kept} and of the name of the given one; keep them by a policy of their own.
   *
   * @param repository where to; also the one that is restored from
   * @param how by which connections; must reach the same server
   */
  public PostgresTableRestorer safely(BackupRepository repository, PostgresLogicalSource how) {
    SafetyCopy copies =
        (database, table, names) ->
            KeptTable.of(how.tablesAlone(database, names), table, database).in(repository);
    return new PostgresTableRestorer(
        connector, place, choices, scratch, Optional.of(copies), undoing);
  }

  /**
   * Undoes: what a snapshot that was made by {@link #safely} holds is put back in the place of what
   * is there, under the same name. Rows that came since are removed, so the plan names the table,
   * and it must be confirmed.
   */
  public PostgresTableRestorer undo() {
    return new PostgresTableRestorer(connector, place, choices, scratch, safety, true);
  }

  /** Also tables whose rows a publication sends to subscribers, which is {@code INVALID} else. */
  public PostgresTableRestorer evenPublished() {
    return with(choices.evenPublished());
  }

  /**
   * Adds foreign keys to new tables, when the rows of all are there. They refer to the restored
   * table where that is one of those that were named. Adding one needs a lock that keeps writers of
   * the other table waiting, which is held for the moment of a commit, and asked for only while
   * nobody is in its way; it is given up after the {@linkplain #lockTimeout limit}. Before
   * PostgreSQL 18 this is not possible for partitioned tables. What is not added, or not true of
   * the rows, is a warning.
   */
  public PostgresTableRestorer foreignKeys() {
    return with(choices.withForeignKeys());
  }

  /**
   * How long the lock of a table that is there is waited for; five seconds unless said otherwise.
   * Others queue behind. Afterwards it is {@code LOCKED}, naming who holds it.
   */
  public PostgresTableRestorer lockTimeout(Duration limit) {
    if (limit.isNegative() || limit.isZero() || limit.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("A lock is waited for some time: " + limit);
    }
    return with(choices.lockTimeout(limit));
  }

  /**
   * The owner of new tables, instead of the recorded one. Where the recorded owner is no role here,
   * or one as which may not be acted, they belong to who restores, and a warning says so.
   */
  public PostgresTableRestorer owner(String role) {
    return with(choices.owner(role));
  }

  @Override
  public RestoreReport restore(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    TableChoices wanted = undoing ? KeptTable.undone(snapshot, choices) : choices;
    if (wanted.tables().isEmpty()) {
      throw new IllegalArgumentException("Which table is to be restored has to be said");
    }
    if (!BaseFacts.isBase(snapshot.manifest())) {
      return new TableRestore(snapshot, wanted, safety, context).run(connector, place);
    }
    DrillChoices copy = scratch.orElseThrow(() -> baseUnasked(snapshot)).choices();
    return new BaseTables(wanted, copy, safety, snapshot, context).restore(connector, place);
  }

  private static BackupException baseUnasked(SnapshotReader snapshot) {
    return new BackupException(
        Kind.INVALID,
        "Snapshot "
            + snapshot.snapshot().run()
            + " is a base backup. Say with fromBase how a copy of it is started, out of which"
            + " tables can be taken");
  }

  private PostgresTableRestorer with(TableChoices other) {
    return new PostgresTableRestorer(connector, place, other, scratch, safety, undoing);
  }

  @Override
  public String toString() {
    return "tables of PostgreSQL to " + place;
  }
}
