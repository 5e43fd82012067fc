package dev.copperplate.backup.testkit.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A client and the server for it, and what has become of them. Thread-safe. */
final class Connection {

  /** Of sockets, in bytes. Small, so that who does not read soon holds up who writes. */
  static final int BUFFER = 65536;

  private final long number;
  private final Socket client;
  private final Socket server = new Socket();
  private final Rules rules;
  private final Pause pause;
  private final CountDownLatch gone = new CountDownLatch(1);
  private final Map<Direction, Long> passed = new EnumMap<>(Direction.class);
  private Scope whole;
  private Scope exchange = Scope.HEALTHY;
  private long exchanges;
  private boolean answered;
  private Fate fate = Fate.LIVES;

  Connection(long number, Socket client, Rules rules, Pause pause) {
    this.number = number;
    this.client = client;
    this.rules = rules;
    this.pause = pause;
    this.whole = new Scope(rules.ofConnection(number), 0, 0);
    for (Direction direction : Direction.values()) {
      passed.put(direction, 0L);
    }
  }

  synchronized boolean refused() {
    return whole.faults().stream().anyMatch(NetworkFault::refuses);
  }

  /** Carries everything until both sides have ended. The caller's thread carries upstream. */
  void carry(InetSocketAddress upstream, Threads threads) {
    try {
      client.setTcpNoDelay(true);
      client.setSendBufferSize(BUFFER);
      server.setTcpNoDelay(true);
      server.setReceiveBufferSize(BUFFER);
      server.setSendBufferSize(BUFFER);
      server.connect(upstream);
      Pump answers = new Pump(this, Direction.DOWNSTREAM, server.getInputStream());
      Thread downstream = threads.start(this + "-downstream", answers);
      new Pump(this, Direction.UPSTREAM, client.getInputStream()).run();
      downstream.join();
      close();
    } catch (IOException e) {
      end(Fate.RESET); // There is no server: the client learns it.
    } catch (InterruptedException e) {
      end(Fate.RESET);
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Begins an exchange if the client asks for one.
   *
   * @return how many of the bytes no fault may see, which have passed already
   */
  int begin(Direction direction, byte[] bytes, int count) throws IOException {
    if (direction == Direction.UPSTREAM) {
      ask();
      return 0;
    }
    int interim = lives() && awaitsAnswer() ? Interim.length(bytes, count) : 0;
    if (interim > 0) {
      client.getOutputStream().write(bytes, 0, interim);
    }
    return interim;
  }

  private synchronized void ask() {
    if (fate == Fate.LIVES && (exchanges == 0 || answered)) {
      exchanges++;
      answered = false;
      List<NetworkFault> faults = rules.ofExchange(number, exchanges);
      exchange = new Scope(faults, passed(Direction.UPSTREAM), passed(Direction.DOWNSTREAM));
    }
  }

  private synchronized boolean awaitsAnswer() {
    return exchanges > 0 && !answered;
  }

  /** What the next piece is part of. */
  synchronized List<Scope> scopes() {
    return List.of(whole, exchange);
  }

  synchronized long passed(Direction direction) {
    return passed.getOrDefault(direction, 0L);
  }

  /**
   * Sends a piece on, and the reply to it back, unless nothing may pass any more.
   *
   * @param then what becomes of the connection afterwards
   */
  void pass(Piece piece, Fate then) throws IOException {
    boolean upstream = piece.direction() == Direction.UPSTREAM;
    synchronized (this) {
      if (fate != Fate.LIVES) {
        return;
      }
      // Before the bytes go: whoever gets them may answer or ask again at once.
      passed.merge(piece.direction(), (long) piece.length(), Long::sum);
      answered |= !upstream && piece.length() > 0;
      fate = then;
    }
    try {
      piece.writeTo(upstream ? server : client);
      piece.replyTo(upstream ? client : server);
    } catch (IOException e) {
      if (lives()) {
        throw e;
      }
      // It was ended, by this piece or by what went the other way.
    }
    play(then);
  }

  void pause(Duration duration) throws InterruptedException {
    pause.await(duration, gone);
  }

  synchronized boolean lives() {
    return fate == Fate.LIVES;
  }

  private synchronized boolean stalled() {
    return fate == Fate.STALLED;
  }

  void awaitUnlessStalled() throws InterruptedException {
    if (stalled()) {
      gone.await();
    }
  }

  /** Ends faults that have not ended the connection yet. */
  synchronized void heal() {
    whole = Scope.HEALTHY;
    exchange = Scope.HEALTHY;
  }

  /** Makes it worse, never better. */
  void end(Fate next) {
    synchronized (this) {
      if (next.compareTo(fate) <= 0) {
        return;
      }
      fate = next;
    }
    play(next);
  }

  private void play(Fate next) {
    if (next == Fate.CLOSED) {
      endOutput(client);
      endOutput(server);
    } else if (next == Fate.RESET) {
      reset();
    }
  }

  /** One direction has come to its end, and whoever listens there learns it. */
  void endOf(Direction direction) throws InterruptedException {
    awaitUnlessStalled();
    if (lives()) {
      endOutput(direction == Direction.UPSTREAM ? server : client);
    }
  }

  /** One side broke off. What has ended in order stays so. */
  void broken() {
    try {
      awaitUnlessStalled();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (lives()) {
      end(Fate.RESET);
    }
  }

  private static void endOutput(Socket socket) {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      // It has ended already, which is what was wanted.
    }
  }

  private void reset() {
    for (Socket socket : List.of(client, server)) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        // It is closed already.
      }
    }
    close();
  }

  @Override
  public String toString() {
    return "connection-" + number;
  }

  private void close() {
    gone.countDown();
    for (Socket socket : List.of(client, server)) {
      try {
        socket.close();
      } catch (IOException e) {
        // Nobody is left whom it would concern: the socket is unusable either way.
      }
    }
  }
}
