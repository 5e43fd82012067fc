package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.postgresql.util.PSQLException;

/**
 * Looks at every heap and every B-tree of a database with {@code amcheck}, which is installed anew:
 * one that the cluster has may be old, or say what somebody wants to hear.
 *
 * <p>Whether an index names every row of its table is asked where that needs no code of the
 * cluster: not for indexes of expressions or of a part of the rows.
 *
 * @see <a href="https://www.postgresql.org/docs/17/amcheck.html">PostgreSQL, "amcheck"</a>
 */
final class CheckedRelations {

  private static final String SCHEMA = "copperplate_drill";
  private static final int SHOWN = 3;
  private static final String REMEDY =
      "Use another base, and look at the same relation of the source";

  private static final String NAME = " format('%I.%I', n.nspname, c.relname)";
  private static final String FROM =
      " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
          + " JOIN pg_am a ON a.oid = c.relam";
  private static final String HEAPS =
      "SELECT c.oid::bigint,"
          + NAME
          + ", false"
          + FROM
          + " WHERE c.relkind IN ('r', 't', 'm') AND a.amname = 'heap' AND c.relpersistence <> 't'"
          + " ORDER BY c.oid";
  private static final String TREES =
      "SELECT c.oid::bigint,"
          + NAME
          + ", i.indexprs IS NULL AND i.indpred IS NULL"
          + FROM
          + " JOIN pg_index i ON i.indexrelid = c.oid WHERE c.relkind = 'i' AND a.amname = 'btree'"
          + " AND c.relpersistence <> 't' AND i.indisvalid AND i.indisready ORDER BY c.oid";
  private static final String CHECK_HEAP =
      "SELECT format('block %s, item %s: %s', blkno, offnum, msg) FROM "
          + SCHEMA
          + ".verify_heapam(relation => ?::oid::regclass, check_toast => true)";
  private static final String CHECK_TREE =
      "SELECT " + SCHEMA + ".bt_index_check(index => ?::oid::regclass, heapallindexed => ?)";

  private final String database;
  private final Connection connection;
  private final RestoreContext context;
  private long tables;
  private long indexes;

  CheckedRelations(String database, Connection connection, RestoreContext context) {
    this.database = database;
    this.connection = connection;
    this.context = context;
  }

  long tables() {
    return tables;
  }

  long indexes() {
    return indexes;
  }

  void run() throws SQLException, InterruptedException {
    if (!install()) {
      return;
    }
    try (PreparedStatement heap = connection.prepareStatement(CHECK_HEAP);
        PreparedStatement tree = connection.prepareStatement(CHECK_TREE)) {
      for (Relation each : relations(HEAPS)) {
        tables++;
        checkHeap(each, heap);
      }
      for (Relation each : relations(TREES)) {
        indexes++;
        checkTree(each, tree);
      }
    }
  }

  private boolean install() throws SQLException, InterruptedException {
    try (Statement statement = connection.createStatement()) {
      DrillConnections.disarm(statement);
      statement.execute("DROP EXTENSION IF EXISTS amcheck CASCADE");
      statement.execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
      statement.execute("CREATE SCHEMA " + SCHEMA);
      statement.execute("CREATE EXTENSION amcheck SCHEMA " + SCHEMA);
      return true;
    } catch (SQLException e) {
      DrillChecks.cancelled(e);
      context.report(
          Finding.warning(
              database,
              "Tables and indexes were not checked, for amcheck cannot be installed: " + words(e),
              "Name programs to the drill that have PostgreSQL's contrib modules beside them"));
      return false;
    }
  }

  private record Relation(long oid, String name, boolean plain) {}

  private List<Relation> relations(String query) throws SQLException {
    List<Relation> relations = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        relations.add(new Relation(rows.getLong(1), rows.getString(2), rows.getBoolean(3)));
      }
    }
    return relations;
  }

  private void checkHeap(Relation relation, PreparedStatement heap)
      throws SQLException, InterruptedException {
    heap.setLong(1, relation.oid());
    try (ResultSet rows = heap.executeQuery()) {
      StringJoiner shown = new StringJoiner("; ");
      int count = 0;
      while (rows.next()) {
        if (count++ < SHOWN) {
          shown.add(rows.getString(1));
        }
      }
      if (count > 0) {
        report(relation, count + (count == 1 ? " fault: " : " faults: ") + shown);
      }
    } catch (SQLException e) {
      report(relation, words(requireConnected(e)));
    }
  }

  private void checkTree(Relation relation, PreparedStatement tree)
      throws SQLException, InterruptedException {
    tree.setLong(1, relation.oid());
    tree.setBoolean(2, relation.plain());
    try (ResultSet rows = tree.executeQuery()) {
      rows.next();
    } catch (SQLException e) {
      report(relation, words(requireConnected(e)));
    }
  }

  private SQLException requireConnected(SQLException e) throws SQLException, InterruptedException {
    DrillChecks.cancelled(e);
    if (connection.isClosed()) {
      throw e;
    }
    return e;
  }

  private void report(Relation relation, String message) {
    context.report(Finding.error(database + ": " + relation.name(), message, REMEDY));
  }

  /** The server's first sentence, without its detail, which may quote rows. */
  static String words(SQLException e) {
    String code = " (" + e.getSQLState() + ")";
    if (e instanceof PSQLException answer && answer.getServerErrorMessage() != null) {
      return answer.getServerErrorMessage().getMessage() + code;
    }
    return "the connection failed" + code;
  }
}
