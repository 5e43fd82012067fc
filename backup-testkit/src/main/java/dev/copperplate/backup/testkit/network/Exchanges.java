package dev.copperplate.backup.testkit.network;

/**
 * Says which exchanges a fault befalls: {@code Connections.any().exchanges().nth(2)} is the second
 * one of each connection. Immutable.
 *
 * <p>An exchange begins when the client sends something, for the first time or after the server has
 * sent something; it ends where the next one begins. Of HTTP that is one request and its answer as
 * long as requests are not pipelined, whatever connection they share; {@code 100 Continue} counts
 * as nothing. A server that answers before it has the whole request has begun another exchange for
 * the rest of it. What a server says before it is asked belongs to no exchange.
 */
public final class Exchanges {

  private final Connections connections;
  private final Selection selection;

  Exchanges(Connections connections, Selection selection) {
    this.connections = connections;
    this.selection = selection;
  }

  /** Every one of every connection, also of those that are open already. */
  public static Exchanges any() {
    return Connections.any().exchanges();
  }

  /** Of these the n-th alone of each connection, counted from 1. */
  public Exchanges nth(long number) {
    return from(number).to(number);
  }

  /** Of these the first ones of each connection. */
  public Exchanges first(long count) {
    return from(1).to(count);
  }

  /** Of these the n-th of each connection and all later ones. */
  public Exchanges from(long number) {
    return new Exchanges(connections, selection.between(number, Long.MAX_VALUE));
  }

  /** Of these none after the n-th of each connection. */
  public Exchanges to(long number) {
    return new Exchanges(connections, selection.between(Math.max(1, selection.first()), number));
  }

  /**
   * Of these a share, by chance that the seed decides: the same for the same exchange of the same
   * connection, whatever others do meanwhile.
   *
   * @param part from 0 to 1
   */
  public Exchanges share(double part, long seed) {
    return new Exchanges(connections, selection.share(part, seed));
  }

  boolean choose(long connection, long exchange) {
    return connections.choose(connection) && selection.chooses(connection, exchange);
  }

  @Override
  public String toString() {
    return connections + "; exchanges: " + selection;
  }
}
