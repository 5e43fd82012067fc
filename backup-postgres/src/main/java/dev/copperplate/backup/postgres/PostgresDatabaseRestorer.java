package dev.copperplate.backup.postgres;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.load.database.DatabaseChoices;
import dev.copperplate.backup.postgres.load.database.DatabaseRestore;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * Restores a database of a {@linkplain PostgresLogicalSource logical} snapshot into a server, 15 or
 * newer, which need not be of the version that was captured. No program of PostgreSQL is needed,
 * and psql's commands are never run.
 *
 * <p><b>Nothing is overwritten.</b> A database is created, and one of that name that is there
 * already is refused ({@code ALREADY_EXISTS}), unless {@link #intoExisting} is said: then it must
 * be empty. A failed or cancelled restore leaves the database that it created, and its message says
 * how to drop it. Each statement, and each file of rows, is a transaction of its own.
 *
 * <p><b>Content is hostile.</b> Scripts are read through before the first change, but for the one
 * of sequences and large objects, and refused ({@code UNSUPPORTED}) if they hold a command of psql,
 * or a statement that no dump has there. Rows are compared with their stored sums before they are
 * committed. What a database brings along is code all the same: functions in defaults, checks,
 * indexes and materialized views run during the restore with the rights of the role that restores.
 * Restore what is not trusted with a role that may little, and let {@link PostgresServer} connect
 * as that role; {@link #owner} alone is a role that a function can leave again.
 *
 * <p><b>Roles and tablespaces</b> must be there, or {@link #globals} makes those that are missing.
 * Restoring all that a cluster can hold needs a superuser; {@link #staging} and {@link #owner} do
 * with less: {@code CREATEDB}, trusted extensions.
 *
 * <p>Settings of the database, such as its {@code search_path}, its comment and its connection
 * limit come last, so that they do not disturb the restore; one that is refused is a warning.
 * Subscriptions are created disabled and without connecting, with no slot on the publisher; {@code
 * ALTER SUBSCRIPTION … ENABLE} is a person's decision.
 *
 * <p>Facts of the report: {@code database}, {@code tables}, {@code rows}. What the server warned of
 * is among its findings, the first twenty of each script.
 *
 * <p>Memory: a statement, of 32 MiB at most; 256 KiB for each connection; some hundred bytes for
 * each table. Connections: one for the database that the server's address names, one for
 * definitions, and those for rows. A server that is gone is noticed by TCP; a statement may take a
 * day. Immutable and thread-safe.
 */
public final class PostgresDatabaseRestorer implements Restorer {

  private final PostgresServer server;
  private final DatabaseChoices choices;

  private PostgresDatabaseRestorer(PostgresServer server, DatabaseChoices choices) {
    this.server = server;
    this.choices = choices;
  }

  /**
   * Restores into a server.
   *
   * @param server its address names any database that is there, such as {@code postgres}
   */
  public static PostgresDatabaseRestorer into(PostgresServer server) {
    return new PostgresDatabaseRestorer(Objects.requireNonNull(server), DatabaseChoices.DEFAULT);
  }

  /** Which database of the snapshot; to be said if it holds several. */
  public PostgresDatabaseRestorer database(String name) {
    return with(choices.database(name));
  }

  /** Under another name. */
  public PostgresDatabaseRestorer as(String name) {
    return with(choices.name(name));
  }

  /**
   * Into a database that is there. It must hold no tables, views, sequences, functions, types or
   * large objects of its own, {@code ALREADY_EXISTS} otherwise, naming some; with {@link #schemas}
   * none in these. Extensions may be there. Whose the database is, and what is set for it, stays.
   */
  public PostgresDatabaseRestorer intoExisting() {
    return with(choices.intoExisting());
  }

  /** Without rows, values of sequences and large objects. Materialized views stay unfilled. */
  public PostgresDatabaseRestorer definitionsOnly() {
    return with(choices.parts(DatabaseChoices.Parts.DEFINITIONS));
  }

  /**
   * Rows, values of sequences and large objects alone, into a database whose tables are there, from
   * migrations for one. They must have the columns of the snapshot, and be empty.
   *
   * <p>Foreign keys hold: tables that others point to come first, and those that point at each
   * other are loaded in one transaction with their deferrable keys deferred. Where a circle has
   * none, nothing is restored ({@code UNSUPPORTED}), and the message says what to alter. Triggers
   * of users do not fire; the plan names them. They are disabled in the transaction of their table,
   * which the owner of the table may do.
   */
  public PostgresDatabaseRestorer rowsOnly() {
    return with(choices.parts(DatabaseChoices.Parts.ROWS));
  }

  /**
   * Objects of these schemas alone, the schemas themselves, and extensions whose schema is there.
   * What they need of other schemas must be there: types, functions that defaults call, tables that
   * foreign keys, views and inheritance name. So schemas are restored one after the other, from
   * what needs nothing to what needs the others, and from the second on {@link #intoExisting}.
   *
   * <p>Left out is what belongs to no schema: casts, languages, foreign servers, event triggers,
   * large objects, publications and subscriptions with what is in them. Schemas are told apart by
   * what pg_dump writes before each object; where a name makes that ambiguous, nothing is restored
   * ({@code UNSUPPORTED}), and line breaks in names count as spaces.
   */
  public PostgresDatabaseRestorer schemas(String... names) {
    if (List.of(names).contains("-")) {
      throw new IllegalArgumentException("pg_dump calls no schema \"-\", too: restore all of them");
    }
    return with(choices.schemas(List.of(names)));
  }

  /**
   * Also makes the roles and tablespaces of the snapshot that are missing; the plan names them.
   * What is there stays as it is. One that the server refuses is a warning. Role passwords are only
   * in snapshots that were asked for them.
   */
  public PostgresDatabaseRestorer globals() {
    return with(choices.withGlobals());
  }

  /**
   * Makes everything as this role, whose it then is: the owners of the snapshot are left out, their
   * default privileges too, and grants by other roles than the owners. Who connects must be a
   * superuser or a member of it.
   */
  public PostgresDatabaseRestorer owner(String role) {
    return with(choices.owner(role));
  }

  /**
   * For a copy beside production: without owners, rights, security labels, tablespaces, user
   * mappings, publications, subscriptions and event triggers. What is made belongs to who restores.
   * A policy for a role that is not there is left out with a warning; its table then shows less.
   */
  public PostgresDatabaseRestorer staging() {
    return with(choices.forStaging());
  }

  /** Without {@code ANALYZE} at the end; plans are bad until the server gathers statistics. */
  public PostgresDatabaseRestorer withoutAnalyze() {
    return with(choices.analyze(false));
  }

  /** Loads rows on so many connections, two if not said, and no more than the run has workers. */
  public PostgresDatabaseRestorer connections(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("Rows need at least one connection: " + most);
    }
    return with(choices.connections(most));
  }

  @Override
  public RestoreReport restore(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    PostgresServer plain =
        server.property("preferQueryMode", "simple").property("allowEncodingChanges", "true");
    return new DatabaseRestore(snapshot, plain.connections(), server.toString(), choices, context)
        .run();
  }

  private PostgresDatabaseRestorer with(DatabaseChoices other) {
    return new PostgresDatabaseRestorer(server, other);
  }

  @Override
  public String toString() {
    return "database into " + server;
  }
}
