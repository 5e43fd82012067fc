package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.postgres.replication.Connections;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks a recovered server, one connection at a time. What is wrong is reported. */
public final class DrillChecks {

  private static final int QUOTED = 200;
  private static final String DIFFERENT =
      " was made with another version of its collation than these programs have: where the two"
          + " sort differently, indexes are of no use here. The programs of the production server"
          + " tell more";

  private final DrillConnections connections;
  private final RestoreContext context;
  private final Map<String, String> facts = new HashMap<>();
  private int collations;
  private long tables;
  private long indexes;

  public DrillChecks(DrillConnections connections, RestoreContext context) {
    this.connections = connections;
    this.context = context;
  }

  /**
   * Answers first, since the checks of relations put an extension of their own into each database.
   *
   * @return facts: {@code timeline}, {@code recovered-lsn}, {@code databases}, {@code tables},
   *     {@code indexes}, {@code answers}, {@code collations}, and {@code last-transaction}, where
   *     recovery met one that ended
   */
  public Map<String, String> run(List<Answer> answers) throws IOException, InterruptedException {
    List<String> databases = askCluster();
    for (Answer each : answers) {
      if (databases.contains(each.database())) {
        ask(each);
      } else {
        wrong(each, "There is no such database, or it takes no connections");
      }
    }
    for (String each : databases) {
      check(each);
    }
    facts.put("databases", Integer.toString(databases.size()));
    facts.put("tables", Long.toString(tables));
    facts.put("indexes", Long.toString(indexes));
    facts.put("answers", Integer.toString(answers.size()));
    facts.put("collations", Integer.toString(collations));
    return facts;
  }

  private List<String> askCluster() throws IOException, InterruptedException {
    try (Connection connection = connections.open();
        Statement statement = connection.createStatement()) {
      fact(
          statement,
          "timeline",
          "SELECT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int");
      fact(statement, "recovered-lsn", "SELECT pg_last_wal_replay_lsn()");
      fact(
          statement,
          "last-transaction",
          "SELECT to_char(pg_last_xact_replay_timestamp(), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
      return databases(statement);
    } catch (SQLException e) {
      throw failure("Asking the recovered server", e);
    }
  }

  private void fact(Statement statement, String name, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      if (rows.next() && rows.getString(1) != null) {
        facts.put(name, rows.getString(1));
      }
    }
  }

  private List<String> databases(Statement statement) throws SQLException {
    List<String> databases = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT datname, datallowconn AND datconnlimit <> -2, datcollversion IS DISTINCT FROM"
                + " pg_database_collation_actual_version(oid) FROM pg_database ORDER BY oid")) {
      while (rows.next()) {
        String name = rows.getString(1);
        if (rows.getBoolean(3)) {
          warnOfCollation("the database " + name);
        }
        if (rows.getBoolean(2)) {
          databases.add(name);
        } else if (!name.equals("template0")) {
          context.report(Finding.info(name, "Not checked: the database takes no connections"));
        }
      }
    }
    return databases;
  }

  private void warnOfCollation(String subject) {
    collations++;
    context.report(
        Finding.warning(subject, "It" + DIFFERENT, "Name the vendor's programs to the drill"));
  }

  private void ask(Answer answer) throws IOException, InterruptedException {
    try (Connection connection = connections.open(answer.database());
        Statement statement = connection.createStatement()) {
      statement.execute("SET default_transaction_read_only = on");
      compare(answer, first(statement, answer.query()));
    } catch (SQLException e) {
      wrong(answer, "The server refused it: " + CheckedRelations.words(cancelled(e)));
    }
  }

  private static String first(Statement statement, String query) throws SQLException {
    if (!statement.execute(query)) {
      return "nothing";
    }
    try (ResultSet rows = statement.getResultSet()) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "no row";
    }
  }

  private void compare(Answer answer, String got) {
    if (!got.equals(answer.expected())) {
      wrong(answer, "Expected " + quoted(answer.expected()) + ", got " + quoted(got));
    }
  }

  private static String quoted(String text) {
    return "'" + (text.length() > QUOTED ? text.substring(0, QUOTED) + "…" : text) + "'";
  }

  private void wrong(Answer answer, String message) {
    context.report(
        Finding.error(
            answer.database() + ": " + answer.query(),
            message,
            "Look whether the backup or the expectation is wrong"));
  }

  private void check(String database) throws IOException, InterruptedException {
    try (Connection connection = connections.open(database);
        Statement statement = connection.createStatement()) {
      for (String each : collationsOf(statement)) {
        warnOfCollation("the collation " + each + " of " + database);
      }
      CheckedRelations checked = new CheckedRelations(database, connection, context);
      checked.run();
      tables += checked.tables();
      indexes += checked.indexes();
    } catch (SQLException e) {
      context.report(
          Finding.error(
              database,
              "The database cannot be checked: " + CheckedRelations.words(cancelled(e)),
              "Use another base"));
    }
  }

  private static List<String> collationsOf(Statement statement) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT collname FROM pg_collation WHERE collversion IS NOT NULL AND collversion"
                + " IS DISTINCT FROM pg_collation_actual_version(oid)"
                + " AND oid IN (SELECT unnest(indcollation::oid[]) FROM pg_index) ORDER BY 1")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private static IOException failure(String doing, SQLException e) throws InterruptedException {
    return Connections.failure(doing, cancelled(e));
  }

  /** A cancelled run fails in the driver. */
  static SQLException cancelled(SQLException e) throws InterruptedException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException("The drill was cancelled");
    }
    return e;
  }
}
