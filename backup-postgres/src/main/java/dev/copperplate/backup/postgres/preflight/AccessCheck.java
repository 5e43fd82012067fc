package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the server lets the role in, for SQL and for replication. */
final class AccessCheck implements PreflightCheck {

  private static final String AGAIN = "\n-- then run the preflight again, to see the rest";

  private final Access access;
  private final Address address;

  AccessCheck(Access access, Address address) {
    this.access = access;
    this.address = address;
  }

  @Override
  public String subject() {
    return "access";
  }

  @Override
  public void look(List<Finding> findings) throws IOException, SQLException {
    if (access.catalog().isEmpty()) {
      findings.add(
          Finding.warning(
              subject(),
              "SQL is refused to "
                  + address.user()
                  + " ("
                  + access.sqlRefusal()
                  + "): settings, slots and roles are neither looked at here nor described beside"
                  + " backups",
              sqlRemedy()));
    }
    if (access.replicationRefusal().equals(Access.NOT_ADMITTED)) {
      findings.add(
          Finding.error(
              subject(),
              "Replication is refused to "
                  + address.user()
                  + ": pg_hba.conf admits it by no line, or the role may not log in",
              admitted("replication")));
    }
  }

  private String sqlRemedy() throws IOException, SQLException {
    return switch (access.sqlRefusal()) {
          case Access.NO_DATABASE -> "-- name a database that exists, such as postgres";
          case Access.NO_PRIVILEGE ->
              "GRANT CONNECT ON DATABASE "
                  + SqlText.name(address.database())
                  + " TO "
                  + SqlText.name(address.user())
                  + ";";
          default -> admitted(address.database());
        }
        + AGAIN;
  }

  private String admitted(String database) throws IOException, SQLException {
    return Remedy.admitted(database, address.user(), client(), encrypted());
  }

  private boolean encrypted() {
    return address.sslMode().requireEncryption();
  }

  /** This machine as the server sees it, with the mask of a single host. */
  private String client() throws IOException, SQLException {
    String seen = access.catalog().isPresent() ? seen(access.catalog().get()) : null;
    String client = seen == null ? route() : seen;
    return client + (client.contains(":") ? "/128" : "/32");
  }

  private static @Nullable String seen(Catalog catalog) throws SQLException {
    return catalog.value("SELECT pg_catalog.host(pg_catalog.inet_client_addr())");
  }

  /** The address from which packets to the server would leave; none is sent. */
  private String route() throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      InetAddress server = InetAddress.getByName(address.hosts().get(0));
      socket.connect(new InetSocketAddress(server, address.port()));
      return socket.getLocalAddress().getHostAddress();
    } catch (SocketException e) {
      throw new BackupException(
          Kind.UNAVAILABLE, "No route to " + address.hosts().get(0) + " any more", e);
    }
  }
}
