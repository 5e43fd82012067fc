package dev.copperplate.backup.testkit.network;

import org.jspecify.annotations.Nullable;

/**
 * A fault and what it befalls.
 *
 * @param exchanges null if it befalls whole connections
 */
record Rule(Connections connections, @Nullable Exchanges exchanges, NetworkFault fault) {

  Rule {
    if (exchanges != null && fault.refuses()) {
      throw new IllegalArgumentException("Connections are refused, not exchanges: " + fault);
    }
  }

  static Rule on(Connections connections, NetworkFault fault) {
    return new Rule(connections, null, fault);
  }

  static Rule on(Exchanges exchanges, NetworkFault fault) {
    return new Rule(Connections.any(), exchanges, fault);
  }

  boolean befallsConnection(long number) {
    return exchanges == null && connections.choose(number);
  }

  boolean befallsExchange(long connection, long number) {
    return exchanges != null && exchanges.choose(connection, number);
  }

  @Override
  public String toString() {
    return (exchanges == null ? connections : exchanges) + ": " + fault;
  }
}
