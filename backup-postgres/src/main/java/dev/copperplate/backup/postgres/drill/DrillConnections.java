package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.scratch.ScratchServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * Connections to a drill's server, through its Unix socket, as a superuser of the cluster. Whatever
 * the cluster attached to databases and roles yields to what is said here, and is forgotten by
 * {@link #disarm}.
 *
 * @param limit of a single statement
 */
public record DrillConnections(
    ScratchServer server, int major, String role, Duration limit, RestoreContext context) {

  static final String DATABASE_OF_ALL = "template1";
  private static final int EVENT_TRIGGERS_CAN_BE_OFF = 17;
  private static final int CONNECTING_SECONDS = 30;

  private static final String OPTIONS =
      "-c session_preload_libraries= -c local_preload_libraries= -c role=none"
          + " -c search_path=pg_catalog -c default_transaction_read_only=off"
          + " -c row_security=off -c jit=off -c timezone=UTC -c datestyle=ISO"
          + " -c client_min_messages=error -c lock_timeout=0 -c log_statement=none"
          + " -c default_tablespace= -c temp_tablespaces= -c idle_session_timeout=0"
          + " -c idle_in_transaction_session_timeout=0";

  /** Known to servers of August 2024 and later. */
  private static final String NOTHING_FOREIGN =
      "SELECT pg_catalog.set_config(name, 'foreign-table', false) FROM pg_catalog.pg_settings"
          + " WHERE name = 'restrict_nonsystem_relation_kind'";

  /** A connection; the caller closes it, and a cancelled run does. */
  public Connection open(String database) throws IOException {
    return open(properties(database));
  }

  /**
   * The same for whoever brings something back: the driver sends statements as they are, and
   * foreign tables cannot be read, where the server knows how to refuse that.
   */
  Connection openPlain(String database) throws IOException {
    Properties properties = properties(database);
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    properties.setProperty("allowEncodingChanges", "true");
    Connection connection = open(properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute(NOTHING_FOREIGN);
      return connection;
    } catch (SQLException e) {
      Connections.close(connection);
      throw Connections.failure("Keeping a session of the drill from foreign tables", e);
    }
  }

  private Properties properties(String database) {
    Properties properties = server.properties(database, role);
    String triggers = major >= EVENT_TRIGGERS_CAN_BE_OFF ? " -c event_triggers=off" : "";
    String time = " -c statement_timeout=" + Math.min(limit.toMillis(), Integer.MAX_VALUE);
    PGProperty.OPTIONS.set(properties, OPTIONS + triggers + time);
    PGProperty.APPLICATION_NAME.set(properties, "copperplate drill");
    PGProperty.LOGIN_TIMEOUT.set(properties, 0);
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECTING_SECONDS);
    return properties;
  }

  private Connection open(Properties properties) throws IOException {
    return context.attach(Connections.open(server.url(), properties, "the drill's server"));
  }

  /** A connection to a database that every cluster has. */
  public Connection open() throws IOException {
    return open(DATABASE_OF_ALL);
  }

  /**
   * Forgets all settings that are attached to databases and roles.
   *
   * @throws BackupException {@code DENIED} if the role is no superuser
   */
  public void disarm() throws IOException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM pg_catalog.pg_db_role_setting");
    } catch (SQLException e) {
      throw Connections.failure(
          "Forgetting the settings of databases and roles as "
              + role
              + ", who must be a superuser,",
          e);
    }
  }

  /**
   * Switches the event triggers of a database off, so that none runs when the drill defines
   * something.
   */
  static void disarm(Statement statement) throws SQLException {
    statement.execute("UPDATE pg_catalog.pg_event_trigger SET evtenabled = 'D'");
  }
}
