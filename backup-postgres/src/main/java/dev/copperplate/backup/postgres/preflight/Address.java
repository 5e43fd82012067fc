package dev.copperplate.backup.postgres.preflight;

import java.util.List;
import org.postgresql.jdbc.SslMode;

/**
 * How the driver is told to reach a server, without a password.
 *
 * @param hosts names or addresses
 * @param database for SQL
 * @param user the role
 * @param sslMode what is demanded of TLS
 */
public record Address(List<String> hosts, int port, String database, String user, SslMode sslMode) {

  public Address {
    hosts = List.copyOf(hosts);
  }

  /** Whether every host is this machine. Asks no name server. */
  boolean isLoopback() {
    return hosts.stream().allMatch(Address::isLoopback);
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }
}
