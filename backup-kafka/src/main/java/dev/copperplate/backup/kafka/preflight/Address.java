package dev.copperplate.backup.kafka.preflight;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Node;

/**
 * Where a broker is reached.
 *
 * @param host a name or an address, without brackets
 */
record Address(String host, String port) {

  static Address of(Node broker) {
    return new Address(broker.host(), Integer.toString(broker.port()));
  }

  /** Those of {@code bootstrap.servers}. */
  static List<Address> all(String bootstrap) {
    return Arrays.stream(bootstrap.split(","))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .map(Address::parse)
        .toList();
  }

  /** Names of listeners may stand before. */
  private static Address parse(String text) {
    String address = text.replaceFirst("^[^/]*://", "");
    int colon = address.lastIndexOf(':');
    String host = colon < 0 ? address : address.substring(0, colon);
    return new Address(
        host.replaceAll("[\\[\\]]", ""), colon < 0 ? "" : address.substring(colon + 1));
  }

  /** Whether it is this machine. Asks no name server. */
  boolean isLoopback() {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("0:0:0:0:0:0:0:1")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
