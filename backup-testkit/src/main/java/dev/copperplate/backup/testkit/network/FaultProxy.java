package dev.copperplate.backup.testkit.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before a server that speaks TCP, and lets the network fail where the test says so.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.before(server)) {
 *   proxy.on(Connections.nth(3), NetworkFault.resetsAfter(Direction.UPSTREAM, 100_000));
 *   proxy.on(Exchanges.any().nth(2), NetworkFault.answerLost());
 *   proxy.on(Exchanges.any().share(0.1, seed), NetworkFault.slowDown(Duration.ofSeconds(1)));
 *   … a client of proxy.address() …
 *   proxy.heal();
 * }
 * }</pre>
 *
 * <p>Without faults every byte passes as it is, and so do half-closed connections, resets and
 * back-pressure: about 300 KB of each direction are on their way at most. It knows no protocol but
 * where a {@link NetworkFault} says so. Names in what is spoken stay those of the server: where a
 * broker or a store names its own address, let it name that of the proxy.
 *
 * <p>Deterministic as far as a network can be: what befalls a connection or an exchange follows
 * from its number. Thread-safe. Each connection has two daemon threads, and the proxy one.
 */
public final class FaultProxy implements AutoCloseable {

  private final InetSocketAddress upstream;
  private final Pause pause;
  private final Rules rules = new Rules();
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final Threads threads;
  private final Port port;
  private boolean closed;

  private FaultProxy(InetSocketAddress upstream, ServerSocket socket, Pause pause) {
    this.upstream = upstream;
    this.pause = pause;
    this.threads = new Threads("fault-proxy-" + socket.getLocalPort());
    this.port = new Port(socket, threads, this::admit);
  }

  /**
   * Listens on a free port of 127.0.0.1, without any fault.
   *
   * @param upstream the server, which is asked anew for each connection
   */
  public static FaultProxy before(InetSocketAddress upstream) throws IOException {
    return before(upstream, Pause.REAL);
  }

  static FaultProxy before(InetSocketAddress upstream, Pause pause) throws IOException {
    return new FaultProxy(upstream, Port.bind(0), pause);
  }

  /** Where clients are to connect. */
  public InetSocketAddress address() {
    return port.address();
  }

  /** The same as a number. */
  public int port() {
    return address().getPort();
  }

  /** Lets a fault befall connections that come from now on. */
  public void on(Connections connections, NetworkFault fault) {
    rules.add(Rule.on(connections, fault));
  }

  /**
   * Lets a fault befall exchanges that begin from now on. Of connections that are open already only
   * {@link Connections#any} has any.
   */
  public void on(Exchanges exchanges, NetworkFault fault) {
    rules.add(Rule.on(exchanges, fault));
  }

  /** Lets all faults of a schedule befall what it says, counted from now. */
  public void on(FaultSchedule schedule) {
    schedule.rules().forEach(rules::add);
  }

  /**
   * Ends all faults. What broke stays broken: who waits on a stalled connection goes on waiting.
   */
  public synchronized void heal() {
    rules.clear();
    open.forEach(Connection::heal);
  }

  /**
   * Closes the port, so that clients are refused as by a server that is down, or opens it again.
   * Connections that are open stay.
   *
   * @throws IOException if somebody else has got the port meanwhile
   */
  public void listening(boolean listens) throws IOException {
    if (isClosed()) {
      throw new IllegalStateException("The proxy is closed");
    }
    if (listens) {
      port.reopen();
    } else {
      port.close();
    }
  }

  /** Resets all connections that are open, stalled ones too, as a server does that is restarted. */
  public void resetAll() {
    open.forEach(connection -> connection.end(Fate.RESET));
  }

  /** How many connections came so far, those that were refused included. */
  public long connections() {
    return rules.connections();
  }

  /** How many exchanges began so far. */
  public long exchanges() {
    return rules.exchanges();
  }

  /** How many connections and how many exchanges, together, some fault was meant for. */
  public long befallen() {
    return rules.befallen();
  }

  private void admit(Socket client) {
    Connection connection = register(client);
    if (isClosed() || connection.refused()) {
      connection.end(Fate.RESET);
      open.remove(connection);
    } else {
      threads.start(connection + "-upstream", () -> carry(connection));
    }
  }

  private synchronized Connection register(Socket client) {
    Connection connection = new Connection(rules.nextConnection(), client, rules, pause);
    open.add(connection);
    return connection;
  }

  private void carry(Connection connection) {
    try {
      connection.carry(upstream, threads);
    } finally {
      open.remove(connection);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized boolean closes() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  /**
   * Resets all connections, and returns when no thread of the proxy is left.
   *
   * @throws IllegalStateException if a fault of the test's own does not let its thread end within
   *     30 seconds, though that is interrupted
   */
  @Override
  public void close() throws IOException {
    if (closes()) {
      port.close();
      resetAll();
      threads.join();
    }
  }
}
