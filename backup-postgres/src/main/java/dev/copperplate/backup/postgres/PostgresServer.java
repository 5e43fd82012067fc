package dev.copperplate.backup.postgres;

import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.preflight.Address;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import dev.copperplate.backup.postgres.tools.LibpqAddress;
import dev.copperplate.backup.repository.Passwords;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.SslMode;
import org.postgresql.util.PSQLException;

/**
 * How to reach a PostgreSQL server, 15 or newer. Immutable and thread-safe; holds nothing open.
 *
 * <p>A capture opens two connections that speak the replication protocol, and one for SQL where the
 * role may connect to a database. None comes from a pool: a replication connection cannot be given
 * back.
 *
 * <p>Nothing here logs or repeats a secret, or what a server says beyond its error's code and main
 * message. The driver's own loggers below {@code org.postgresql} do from the level FINE on.
 */
public final class PostgresServer {

  /** After how long without a byte from the server a connection counts as lost. */
  public static final Duration DEFAULT_SILENCE = Duration.ofMinutes(10);

  /** With host, port and database among the properties. */
  private static final String URL = "jdbc:postgresql:///";

  private static final Duration CONNECTING = Duration.ofSeconds(20);

  private final Properties properties;
  private final @Nullable Passwords password;
  private final Duration silence;

  private PostgresServer(Properties properties, @Nullable Passwords password, Duration silence) {
    this.properties = properties;
    this.password = password;
    this.silence = silence;
  }

  /**
   * The server at an address of the driver's form, such as {@code
   * jdbc:postgresql://db.example.org:5432/orders?sslmode=verify-full}. Several hosts and {@code
   * targetServerType} are the driver's matter.
   *
   * @throws IllegalArgumentException if the driver does not understand it
   */
  public static PostgresServer at(String jdbcUrl) {
    Properties defaults = new Properties();
    PGProperty.CONNECT_TIMEOUT.set(defaults, (int) CONNECTING.toSeconds());
    PGProperty.APPLICATION_NAME.set(defaults, "copperplate");
    PGProperty.TCP_KEEP_ALIVE.set(defaults, true);
    Properties properties = parse(jdbcUrl, defaults);
    if (properties == null) {
      // The address may hold a password, so it is not repeated.
      throw new IllegalArgumentException(
          "Not an address of the PostgreSQL driver, which are like"
              + " jdbc:postgresql://HOST:PORT/DATABASE?NAME=VALUE");
    }
    return new PostgresServer(flat(properties), null, DEFAULT_SILENCE);
  }

  /**
   * Null if the driver does not understand it. The driver logs what it does not understand, so that
   * a part that may hold a password is only shown to it when the rest is right.
   */
  private static @Nullable Properties parse(String jdbcUrl, Properties defaults) {
    int query = jdbcUrl.indexOf('?');
    String place = query < 0 ? jdbcUrl : jdbcUrl.substring(0, query);
    boolean shown =
        place.indexOf('@') < 0
            && Driver.parseURL(place, defaults) != null
            && isEscaped(jdbcUrl.substring(place.length()));
    return shown ? Driver.parseURL(jdbcUrl, defaults) : null;
  }

  private static boolean isEscaped(String query) {
    try {
      return URLDecoder.decode(query, StandardCharsets.UTF_8) != null;
    } catch (IllegalArgumentException badEscape) {
      return false;
    }
  }

  /** As a role that may replicate: {@code CREATE ROLE backup LOGIN REPLICATION}. */
  public PostgresServer user(String name) {
    return property(PGProperty.USER.getName(), name);
  }

  /** With a password, which is asked for each time that a connection is opened. */
  public PostgresServer password(Passwords source) {
    return new PostgresServer(properties, Objects.requireNonNull(source), silence);
  }

  /** With a property of the driver, such as {@code sslrootcert}. */
  public PostgresServer property(String name, String value) {
    Properties more = flat(properties);
    more.setProperty(name, value);
    return new PostgresServer(more, password, silence);
  }

  /**
   * With another limit of silence. A spread checkpoint, and a disk that is read slowly, are silent
   * for minutes.
   */
  public PostgresServer silence(Duration limit) {
    return new PostgresServer(properties, password, limit);
  }

  /** How the packages of this module reach it. */
  Server connections() {
    return new Server() {
      @Override
      public ReplicationConnection replicate() throws IOException {
        return PostgresServer.this.replicate();
      }

      @Override
      public Connection connect() throws IOException {
        return PostgresServer.this.connect();
      }

      @Override
      public Connection connect(String database) throws IOException {
        return PostgresServer.this.connect(database);
      }

      @Override
      public String database() {
        return Objects.requireNonNull(PGProperty.PG_DBNAME.getOrDefault(properties));
      }

      @Override
      public LibpqAddress libpq() throws IOException {
        return LibpqAddress.of(complete(), PostgresServer.this.toString());
      }

      @Override
      public Duration silence() {
        return silence;
      }
    };
  }

  /** Where it is told to be, without a password. */
  Address address() throws IOException {
    try {
      return new Address(
          List.of(Objects.requireNonNull(PGProperty.PG_HOST.getOrDefault(properties)).split(",")),
          Integer.parseInt(
              Objects.requireNonNull(PGProperty.PG_PORT.getOrDefault(properties)).split(",")[0]),
          Objects.requireNonNull(PGProperty.PG_DBNAME.getOrDefault(properties)),
          Objects.requireNonNullElse(PGProperty.USER.getOrDefault(properties), ""),
          SslMode.of(properties));
    } catch (PSQLException e) {
      throw Connections.failure("Reading sslmode of " + this, e);
    }
  }

  /** A connection of the replication protocol; the caller closes it. */
  ReplicationConnection replicate() throws IOException {
    return replicate(silence);
  }

  /** The same with a limit of its own. */
  ReplicationConnection replicate(Duration limit) throws IOException {
    return ReplicationConnection.open(URL, complete(), toString(), limit);
  }

  /** A connection for SQL to its database; the caller closes it. */
  Connection connect() throws IOException {
    return connect(PGProperty.PG_DBNAME.getOrDefault(properties));
  }

  /** The same to another database, whatever its name is. */
  Connection connect(@Nullable String database) throws IOException {
    Properties all = complete();
    PGProperty.PG_DBNAME.set(all, database);
    PGProperty.SOCKET_TIMEOUT.set(all, (int) Math.min(silence.toSeconds(), Integer.MAX_VALUE));
    return Connections.open(URL, all, toString());
  }

  private Properties complete() throws IOException {
    Properties all = flat(properties);
    if (password != null) {
      char[] secret = password.password();
      PGProperty.PASSWORD.set(all, new String(secret)); // the driver takes nothing else
      Arrays.fill(secret, '\0');
    }
    return all;
  }

  /** With the defaults as entries, because copies leave defaults out. */
  private static Properties flat(Properties properties) {
    Properties flat = new Properties();
    for (String name : properties.stringPropertyNames()) {
      flat.setProperty(name, properties.getProperty(name));
    }
    return flat;
  }

  /** Host and port; never the address, which may hold a password. */
  @Override
  public String toString() {
    return "PostgreSQL at "
        + PGProperty.PG_HOST.getOrDefault(properties)
        + ":"
        + PGProperty.PG_PORT.getOrDefault(properties);
  }
}
