package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.memory.MemoryPool;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ChannelState;
import org.apache.kafka.common.network.NetworkReceive;
import org.apache.kafka.common.network.NetworkSend;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * Connections to brokers, made when they are needed, with the TLS and SASL of kafka-clients. What
 * is used of it has the same signatures from 3.9.1 to 4.3.1 (seen with javap).
 *
 * <p>One thread; {@link #wakeup} is for others.
 */
final class Connections implements Closeable {

  private static final long LONGEST_POLL_MILLIS = 1_000;
  private static final String CLIENT_ID = "copperplate-backup";

  private final AnswerBound bound = new AnswerBound();
  private final Metrics metrics = new Metrics();
  private final Selector selector;
  private final String clientId;
  private final int sendBuffer;
  private final int receiveBuffer;
  private final long timeoutMillis;
  private final List<Endpoint> bootstrap;
  private final Map<String, Connection> open = new HashMap<>();
  private final Map<Endpoint, Integer> attempts = new HashMap<>();
  private int correlation;

  Connections(Map<String, Object> properties) {
    AdminClientConfig config = new AdminClientConfig(properties);
    Time time = Time.SYSTEM;
    LogContext log = new LogContext();
    selector =
        new Selector(
            NetworkReceive.UNLIMITED,
            config.getLong(CommonClientConfigs.CONNECTIONS_MAX_IDLE_MS_CONFIG),
            Selector.NO_FAILED_AUTHENTICATION_DELAY,
            metrics,
            time,
            "copperplate",
            Map.of(),
            false,
            false,
            ClientUtils.createChannelBuilder(config, time, log),
            (MemoryPool) bound,
            log);
    String id = config.getString(CommonClientConfigs.CLIENT_ID_CONFIG);
    clientId = id.isEmpty() ? CLIENT_ID : id;
    sendBuffer = config.getInt(CommonClientConfigs.SEND_BUFFER_CONFIG);
    receiveBuffer = receiveBuffer(config);
    bootstrap =
        ClientUtils.parseAndValidateAddresses(config).stream()
            .map(each -> new Endpoint(each.getHostString(), each.getPort()))
            .toList();
    timeoutMillis = config.getInt(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG);
  }

  /** The default of 64 KiB is less than a fast network carries; unless set, the system chooses. */
  private static int receiveBuffer(AdminClientConfig config) {
    return config.originals().containsKey(CommonClientConfigs.RECEIVE_BUFFER_CONFIG)
        ? config.getInt(CommonClientConfigs.RECEIVE_BUFFER_CONFIG)
        : Selector.USE_DEFAULT_BUFFER_SIZE;
  }

  /**
   * Sends a request over a connection that is there or is made first.
   *
   * @throws BackupException {@code UNSUPPORTED} if the broker does not speak that version
   */
  Exchange send(Endpoint broker, Request request, Patience patience)
      throws IOException, InterruptedException {
    Connection connection = find(broker);
    if (connection == null) {
      connection = connect(broker, patience);
    }
    Versions.require(connection.versions(), request.api(), broker);
    return send(connection, request);
  }

  /** Sends a request if there is a connection; does not wait. */
  @Nullable Exchange trySend(Endpoint broker, Request request) throws IOException {
    Connection connection = find(broker);
    if (connection == null) {
      return null;
    }
    Exchange exchange = send(connection, request);
    turn(0);
    return exchange;
  }

  private Exchange send(Connection connection, Request request) {
    Exchange exchange = new Exchange(connection, request, correlation++, clientId);
    connection.add(exchange);
    connection.flush(selector);
    return exchange;
  }

  private @Nullable Connection find(Endpoint broker) {
    return open.values().stream()
        .filter(each -> each.greeted() && each.broker().equals(broker))
        .findFirst()
        .orElse(null);
  }

  private Connection connect(Endpoint broker, Patience patience)
      throws IOException, InterruptedException {
    Connection connection = new Connection(broker + "-" + correlation++, broker);
    try {
      connection.greeted(greet(connection, patience));
      return connection;
    } finally {
      if (!connection.greeted()) {
        drop(connection, new ConnectionLostException("no connection to " + broker));
      }
    }
  }

  private Map<Integer, Versions.Range> greet(Connection connection, Patience patience)
      throws IOException, InterruptedException {
    Endpoint broker = connection.broker();
    try {
      selector.connect(connection.id(), address(broker), sendBuffer, receiveBuffer);
      open.put(connection.id(), connection);
    } catch (IOException | IllegalArgumentException unreachable) {
      throw new ConnectionLostException("no connection to " + broker + ": " + unreachable);
    }
    Request hello = Request.of(Request.Api.API_VERSIONS, Request.SMALL_ANSWER);
    try {
      return Versions.read(await(send(connection, hello), patience));
    } catch (MalformedAnswerException | OversizeAnswerException strange) {
      throw new BackupException(
          Kind.INVALID,
          broker + " does not answer as a broker of Kafka. Is security.protocol right?",
          strange);
    }
  }

  /**
   * Makes a connection, unless there is one.
   *
   * @throws BackupException {@code UNSUPPORTED} if batches cannot be read over it
   */
  void probe(Endpoint broker, Patience patience) throws IOException, InterruptedException {
    Connection connection = find(broker);
    if (connection == null) {
      connection = connect(broker, patience);
    }
    Versions.require(connection.versions(), Request.Api.FETCH, broker);
  }

  /** Where to begin. */
  List<Endpoint> bootstrap() {
    return bootstrap;
  }

  /** Each time another one of the addresses of a name. */
  private InetSocketAddress address(Endpoint broker) throws IOException {
    InetAddress[] all = InetAddress.getAllByName(broker.host());
    int attempt = attempts.merge(broker, 1, Integer::sum);
    return new InetSocketAddress(all[Math.floorMod(attempt - 1, all.length)], broker.port());
  }

  /**
   * Waits for the answer.
   *
   * @throws ConnectionLostException if none will come
   */
  ResponseReader await(Exchange exchange, Patience patience)
      throws IOException, InterruptedException {
    long end = patience.end();
    try {
      return answer(exchange, patience);
    } finally {
      patience.end(end);
      patience.awaiting(null);
    }
  }

  private ResponseReader answer(Exchange exchange, Patience patience)
      throws IOException, InterruptedException {
    Endpoint broker = exchange.connection().broker();
    patience.awaiting(broker + " to answer " + exchange.request().api());
    long timeout = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    long until = System.nanoTime() + timeout;
    long moved = Connection.moved(selector, exchange);
    ResponseReader answer;
    while ((answer = exchange.answer()) == null) {
      if (until - System.nanoTime() <= 0) {
        throw lost(exchange.connection(), broker + " did not answer in time");
      }
      turn(Math.min(timeoutMillis, patience.leftMillis()));
      long now = Connection.moved(selector, exchange);
      if (now != moved) {
        moved = now;
        until = System.nanoTime() + timeout;
        patience.moved();
      }
    }
    patience.check();
    return answer;
  }

  private ConnectionLostException lost(Connection connection, String why) {
    ConnectionLostException lost = new ConnectionLostException(why);
    drop(connection, lost);
    return lost;
  }

  /** Lets the network work, up to some time if there is nothing to do. */
  private void turn(long millis) throws IOException {
    bound.limit(open.values().stream().mapToInt(Connection::answerLimit).max().orElse(0));
    selector.poll(Math.min(millis, LONGEST_POLL_MILLIS));
    for (NetworkSend each : selector.completedSends()) {
      ifOpen(each.destinationId(), Connection::sent);
    }
    for (NetworkReceive each : selector.completedReceives()) {
      ifOpen(each.source(), connection -> received(connection, each.payload()));
    }
    int refused = bound.takeRefused();
    selector
        .disconnected()
        .forEach((id, state) -> ifOpen(id, connection -> lost(connection, state, refused)));
    open.values().forEach(each -> each.flush(selector));
  }

  /** The selector may still tell of one that we closed. */
  private void ifOpen(String id, Consumer<Connection> then) {
    Connection connection = open.get(id);
    if (connection != null) {
      then.accept(connection);
    }
  }

  private void received(Connection connection, ByteBuffer answer) {
    try {
      connection.received(answer);
    } catch (MalformedAnswerException malformed) {
      drop(connection, malformed);
    }
  }

  private void lost(Connection connection, ChannelState state, int refused) {
    open.remove(connection.id());
    Endpoint broker = connection.broker();
    AuthenticationException denied = state.exception();
    connection.failed(
        denied != null
            ? new BackupException(
                Kind.DENIED, broker + " or this client refused the login or certificate", denied)
            : refused > 0
                ? new OversizeAnswerException(broker, refused)
                : new ConnectionLostException("the connection to " + broker + " was lost"));
  }

  /** Closes a connection of which nothing good is expected. */
  void drop(Connection connection, IOException cause) {
    open.remove(connection.id());
    selector.close(connection.id());
    connection.failed(cause);
  }

  void wakeup() {
    selector.wakeup();
  }

  @Override
  public void close() {
    selector.close();
    metrics.close();
  }
}
