package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.dump.DumpChoices;
import dev.copperplate.backup.postgres.dump.LogicalCapture;
import dev.copperplate.backup.postgres.dump.TablePattern;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Databases of a PostgreSQL server as SQL that {@code psql} runs: definitions by {@code pg_dump},
 * rows by {@code COPY}, of one moment for each database, one file a table.
 *
 * <p>All tables are locked against being altered, not against being written, from before the first
 * row until after the last. Whoever wants to alter one meanwhile waits, and so do those who come
 * after him; the capture itself does not wait for him.
 *
 * <p>Files hold the rows in the order in which they lie in the table, large tables in ranges of
 * 32,768 pages, so that what did not change is not stored again. Memory: a row for each connection,
 * and some hundred bytes for each table.
 *
 * <p>The role needs {@code pg_read_all_data}, {@code BYPASSRLS} where there is row-level security,
 * and for large objects to own them or to be a superuser. What it may not read fails the capture
 * and is named. Where it is no superuser, subscriptions are left out by pg_dump, which makes the
 * snapshot partial.
 *
 * <p>Snapshots hold what the database holds, secrets too: rows; what is set for roles in {@code
 * globals.sql}, and for databases in {@code 00-database.sql}; in {@code 10-pre-data.sql} options of
 * user mappings and servers, bodies of functions and comments; in {@code 40-post-data.sql} the
 * connection strings of subscriptions; defaults and constraints in {@code tables.jsonl}, too. They
 * are in no name, tag, manifest, message or log.
 *
 * <p>Facts of the manifest: {@code kind} ({@code logical}), {@code identity} (system identifier),
 * {@code server-version} (as {@code server_version_num}), {@code lsn} (where the server stood at
 * the moment of the first database), {@code databases} (names as SQL quotes them), {@code rows},
 * {@code definitions} ({@code yes} or {@code no}).
 *
 * @see <a href="https://www.postgresql.org/docs/17/app-pgdump.html">PostgreSQL, "pg_dump"</a>
 */
public final class PostgresLogicalSource implements BackupSource {

  /** The type of these sources. */
  public static final String TYPE = "postgres-logical";

  private final SourceId id;
  private final PostgresServer server;
  private final DumpChoices choices;

  private PostgresLogicalSource(SourceId id, PostgresServer server, DumpChoices choices) {
    this.id = id;
    this.server = server;
    this.choices = choices;
  }

  /**
   * The database that the server's address names, whole, on two connections.
   *
   * @param name what it is called, in snapshots and to people
   */
  public static PostgresLogicalSource of(String name, PostgresServer server) {
    return new PostgresLogicalSource(
        new SourceId(TYPE, name), Objects.requireNonNull(server), DumpChoices.DEFAULT);
  }

  /**
   * These databases instead, each at a moment of its own.
   *
   * @throws IllegalArgumentException if one is named twice
   */
  public PostgresLogicalSource database(String... names) {
    if (new HashSet<>(List.of(names)).size() < names.length) {
      throw new IllegalArgumentException("A database is named twice: " + List.of(names));
    }
    return with(choices.databases(List.of(names)));
  }

  /** Every database that takes connections, but templates. */
  public PostgresLogicalSource allDatabases() {
    return with(choices.allDatabases());
  }

  /**
   * Only rows of these tables, in each database; definitions are always complete, so that what is
   * restored is a whole database with some tables empty. A foreign key to rows that are left out
   * cannot be restored.
   *
   * @param patterns {@code schema.table} with {@code *} for any characters. As in SQL, letters
   *     outside double quotes are small ones, everything inside stands for itself, and two double
   *     quotes inside are one: {@code public.*}, {@code "My Schema"."a.b"}
   * @throws IllegalArgumentException if one is not of this form
   */
  public PostgresLogicalSource include(String... patterns) {
    return with(choices.include(joined(choices.include(), patterns)));
  }

  /** No rows of these tables, included or not. Of one that the role may not read, nothing. */
  public PostgresLogicalSource exclude(String... patterns) {
    return with(choices.exclude(joined(choices.exclude(), patterns)));
  }

  private static List<TablePattern> joined(List<TablePattern> before, String... patterns) {
    return Stream.concat(before.stream(), Arrays.stream(patterns).map(TablePattern::of)).toList();
  }

  /**
   * With the {@code pg_dump}, {@code pg_restore} and {@code pg_dumpall} of a directory. Otherwise
   * the newest are taken that are on the search path or in {@code /usr/lib/postgresql}. They must
   * be of the server's major version or newer.
   */
  public PostgresLogicalSource tools(Path bin) {
    return with(choices.tools(bin));
  }

  /**
   * Without definitions, globals and the database as such, for services whose migrations make their
   * tables: rows, sequences and large objects alone. Needs no program of PostgreSQL.
   */
  public PostgresLogicalSource dataOnly() {
    return with(choices.dataOnly());
  }

  /**
   * Copies rows on so many connections at most, and on no more than the run has workers. pg_dump
   * has one of its own.
   */
  public PostgresLogicalSource connections(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("Rows need at least one connection: " + most);
    }
    return with(choices.connections(most));
  }

  /**
   * Takes the connections for rows from the host's pool and gives them back as they were; those
   * that were in use when a run failed or was cancelled are aborted. The pool must connect to the
   * one database that is captured, without a pooler that shares connections between transactions.
   * How long it is waited for is the pool's matter, which should have a limit.
   */
  public PostgresLogicalSource through(DataSource pool) {
    return with(choices.through(pool));
  }

  /** How long the lock of a table is waited for; five minutes unless said otherwise. */
  public PostgresLogicalSource lockTimeout(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("A lock is waited for some time: " + limit);
    }
    return with(choices.lockTimeout(limit));
  }

  /**
   * With the hashes of the passwords of all roles in {@code globals.sql}, which a superuser or a
   * member of {@code pg_read_all_data} can read.
   */
  public PostgresLogicalSource rolePasswords() {
    return with(choices.withRolePasswords());
  }

  /** Some tables of one database, and nothing else. */
  PostgresLogicalSource tablesAlone(String database, List<String> patterns) {
    List<TablePattern> tables = patterns.stream().map(TablePattern::of).toList();
    return with(choices.databases(List.of(database)).include(tables).tablesAlone());
  }

  /** With other ranges, for tests. */
  PostgresLogicalSource pagesPerFile(int pages) {
    return with(choices.pagesPerFile(pages));
  }

  @Override
  public SourceId id() {
    return id;
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    new LogicalCapture(id.name(), server.connections(), choices, writer, context).run();
  }

  private PostgresLogicalSource with(DumpChoices other) {
    return new PostgresLogicalSource(id, server, other);
  }

  /** What it captures and how, without secrets. */
  @Override
  public String toString() {
    return id + " of " + server + choices;
  }
}
