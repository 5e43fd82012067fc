package dev.copperplate.backup.testkit.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class FaultProxyTest {

  /** Long enough for what would arrive, as nothing must. */
  private static final int SILENCE_MILLIS = 100;

  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private EchoServer server;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = new EchoServer();
    proxy = FaultProxy.before(server.address(), (duration, gone) -> pauses.add(duration));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  private RawClient connect() throws IOException {
    return new RawClient(proxy.address());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  @Test
  void listensOnTheLoopbackInterfaceOnly() {
    assertTrue(proxy.address().getAddress().isLoopbackAddress());
    assertEquals(proxy.address().getPort(), proxy.port());
  }

  @Test
  void letsAServerAnswerAfterTheClientHasEnded() throws Exception {
    try (ServerSocket patient = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        FaultProxy before = FaultProxy.before((InetSocketAddress) patient.getLocalSocketAddress());
        RawClient client = new RawClient(before.address());
        Socket guest = patient.accept()) {
      client.send("question");
      client.sendEnd();
      assertEquals("question", text(guest.getInputStream().readAllBytes()));
      guest.getOutputStream().write("answer".getBytes(ISO_8859_1));
      guest.shutdownOutput();
      assertEquals("answer", client.receiveText());
    }
  }

  @Test
  void letsAClientGoOnAfterTheServerHasEnded() throws Exception {
    try (ServerSocket terse = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        FaultProxy before = FaultProxy.before((InetSocketAddress) terse.getLocalSocketAddress());
        RawClient client = new RawClient(before.address());
        Socket guest = terse.accept()) {
      guest.shutdownOutput();
      assertEquals("", client.receiveText());
      client.send("still here");
      client.sendEnd();
      assertEquals("still here", text(guest.getInputStream().readAllBytes()));
    }
  }

  @Test
  void holdsUpAClientWhoseServerDoesNotRead() throws Exception {
    try (ServerSocket lazy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        FaultProxy before = FaultProxy.before((InetSocketAddress) lazy.getLocalSocketAddress());
        SocketChannel client = SocketChannel.open(before.address());
        Socket guest = lazy.accept()) {
      assertTrue(guest.isConnected());
      assertHeldUp(client);
    }
  }

  @Test
  void holdsUpAClientWhoseConnectionStalls() throws Exception {
    proxy.on(Connections.any(), NetworkFault.stallsAfter(Direction.UPSTREAM, 1));
    try (SocketChannel client = SocketChannel.open(proxy.address())) {
      assertHeldUp(client);
    }
  }

  /** Sends until nothing more is taken. */
  private static void assertHeldUp(SocketChannel client) throws IOException {
    long most = 64 << 20;
    long taken = 0;
    try (Selector selector = Selector.open()) {
      client.configureBlocking(false);
      client.register(selector, SelectionKey.OP_WRITE);
      while (taken < most && selector.select(SILENCE_MILLIS) > 0) {
        selector.selectedKeys().clear();
        taken += client.write(ByteBuffer.allocate(1 << 16));
      }
    }
    assertTrue(taken < most, taken + " bytes were taken, and nobody reads");
  }

  @Test
  void resetsAClientWhoseServerIsNotThere() throws Exception {
    server.stop();
    try (RawClient client = connect()) {
      assertThrows(SocketException.class, client::receiveOne);
    }
  }

  @Test
  void passesResetsOnBothWays() throws Exception {
    try (RawClient client = connect()) {
      client.send("a");
      assertEquals("a", client.receive(1));
      client.reset();
    }
    assertTrue(server.heard().reset());
    try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        FaultProxy before = FaultProxy.before((InetSocketAddress) rude.getLocalSocketAddress());
        RawClient client = new RawClient(before.address())) {
      try (Socket guest = rude.accept()) {
        guest.setSoLinger(true, 0);
      }
      assertThrows(SocketException.class, client::receiveOne);
    }
  }

  @Test
  void refusesAChosenConnectionAndNoOther() throws Exception {
    proxy.on(Connections.nth(2), NetworkFault.refused());
    for (int number = 1; number <= 3; number++) {
      try (RawClient client = connect()) {
        if (number == 2) {
          assertThrows(SocketException.class, client::receiveOne);
        } else {
          client.send("hello");
          assertEquals("hello", client.receive(5));
        }
      }
    }
    assertEquals(3, proxy.connections());
    assertEquals(1, proxy.befallen());
  }

  @Test
  void closesItsPortAndOpensItAgainWhileConnectionsStay() throws Exception {
    try (RawClient before = connect()) {
      before.send("a");
      assertEquals("a", before.receive(1));
      proxy.listening(false);
      assertThrows(ConnectException.class, this::connect);
      before.send("b");
      assertEquals("b", before.receive(1));
      proxy.listening(true);
      try (RawClient after = connect()) {
        after.send("c");
        assertEquals("c", after.receive(1));
      }
    }
  }

  @Test
  void countsConnectionsFromTheMomentAtWhichAFaultIsPutOn() throws Exception {
    connect().close();
    try (RawClient second = connect()) {
      second.send("a");
      assertEquals("a", second.receive(1)); // Both have been let in.
      proxy.on(Connections.nth(1), NetworkFault.refused());
      try (RawClient third = connect()) {
        assertThrows(SocketException.class, third::receiveOne);
      }
    }
  }

  @Test
  void closesInOrderAfterSoManyBytesDownstream() throws Exception {
    proxy.on(Connections.any(), NetworkFault.closesAfter(Direction.DOWNSTREAM, 4));
    try (RawClient client = connect()) {
      client.send("0123456789");
      assertEquals("0123", client.receiveText());
    }
    assertFalse(server.heard().reset());
  }

  @Test
  void closesAsSoonAsTheLastAllowedByteHasPassed() throws Exception {
    proxy.on(Connections.any(), NetworkFault.closesAfter(Direction.UPSTREAM, 10));
    try (RawClient client = connect()) {
      client.send("0123456789");
      EchoServer.Heard heard = server.heard();
      assertEquals("0123456789", text(heard.bytes()));
      assertFalse(heard.reset());
    }
  }

  @Test
  void resetsBothSidesAfterSoManyBytesUpstream() throws Exception {
    proxy.on(Connections.any(), NetworkFault.resetsAfter(Direction.UPSTREAM, 4));
    try (RawClient client = connect()) {
      client.send("0123456789");
      assertThrows(SocketException.class, client::receiveAll);
    }
    EchoServer.Heard heard = server.heard();
    assertTrue(heard.reset());
    assertTrue("0123".startsWith(text(heard.bytes())));
  }

  @Test
  void resetsTheClientAfterAtMostSoManyBytesDownstream() throws Exception {
    proxy.on(Connections.any(), NetworkFault.resetsAfter(Direction.DOWNSTREAM, 4));
    try (RawClient client = connect()) {
      client.send("0123456789");
      int received = 0;
      try {
        while (client.receiveOne() >= 0) {
          received++;
        }
        throw new AssertionError("The connection ended in order");
      } catch (SocketException reset) {
        assertTrue(received <= 4, received + " bytes");
      }
    }
    assertTrue(server.heard().reset());
  }

  @ParameterizedTest
  @EnumSource
  void letsNothingPassOnAStalledConnectionNotEvenItsEnd(Direction direction) throws Exception {
    proxy.on(Connections.nth(1), NetworkFault.stallsAfter(direction, 4));
    try (RawClient client = connect();
        RawClient other = connect()) {
      client.send("0123456789");
      client.sendEnd();
      if (direction == Direction.DOWNSTREAM) {
        assertEquals("0123", client.receive(4));
      }
      client.patience(SILENCE_MILLIS);
      assertThrows(SocketTimeoutException.class, client::receiveOne);
      other.send("x");
      assertEquals("x", other.receive(1));

      proxy.resetAll();
      assertThrows(SocketException.class, client::receiveOne);
    }
  }

  @Test
  void losesTheAnswerOfAnExchangeThatTheServerHasServed() throws Exception {
    proxy.on(Connections.any().exchanges().nth(2), NetworkFault.answerLost());
    try (RawClient client = connect()) {
      client.send("first");
      assertEquals("first", client.receive(5));
      client.send("second");
      assertEquals("", client.receiveText());
    }
    EchoServer.Heard heard = server.heard();
    assertEquals("firstsecond", text(heard.bytes()));
    assertFalse(heard.reset());
    assertEquals(2, proxy.exchanges());
  }

  @Test
  void keepsAClientWaitingForAnAnswerThatTheServerHasGiven() throws Exception {
    proxy.on(Exchanges.any().nth(1), NetworkFault.answerStalls());
    try (RawClient client = connect()) {
      client.send("first");
      client.patience(SILENCE_MILLIS);
      assertThrows(SocketTimeoutException.class, client::receiveOne);
      proxy.resetAll();
    }
    assertEquals("first", text(server.heard().bytes()));
  }

  @Test
  void countsTheBytesOfAnExchangeFromItsBegin() throws Exception {
    proxy.on(Exchanges.any().nth(2), NetworkFault.flipsBit(Direction.DOWNSTREAM, 0));
    proxy.on(Exchanges.any().nth(3), NetworkFault.flipsBit(Direction.UPSTREAM, 9));
    try (RawClient client = connect()) {
      for (String expected : List.of("@@@", "A@@", "@B@", "@@@")) {
        client.send("@@@");
        assertEquals(expected, client.receive(3));
      }
    }
  }

  @Test
  void letsAFaultBefallTheNextExchangeOfAConnectionThatIsOpen() throws Exception {
    try (RawClient client = connect()) {
      client.send("a");
      assertEquals("a", client.receive(1));
      proxy.on(Connections.any().exchanges(), NetworkFault.answerLost());
      client.send("b");
      assertEquals("", client.receiveText());
    }
  }

  @Test
  void pausesBeforeEachPieceOfADirection() throws Exception {
    Duration late = Duration.ofMillis(300);
    proxy.on(Connections.any(), NetworkFault.latency(Direction.UPSTREAM, late));
    try (RawClient client = connect()) {
      client.send("a");
      assertEquals("a", client.receive(1));
      client.send("b");
      assertEquals("b", client.receive(1));
    }
    assertEquals(List.of(late, late), pauses);
  }

  @Test
  void tricklesSoManyBytesInEachInterval() throws Exception {
    Duration interval = Duration.ofSeconds(1);
    proxy.on(Connections.any(), NetworkFault.trickles(Direction.DOWNSTREAM, 3, interval));
    byte[] bytes = new byte[100];
    try (RawClient client = connect()) {
      assertArrayEquals(bytes, client.exchange(bytes));
    }
    assertTrue(pauses.size() >= 34, pauses.size() + " pauses");
  }

  @Test
  void playsSeveralFaultsOfOneConnection() throws Exception {
    proxy.on(Connections.any(), NetworkFault.trickles(Direction.DOWNSTREAM, 3, Duration.ZERO));
    proxy.on(Connections.any(), NetworkFault.flipsBit(Direction.DOWNSTREAM, 5 * 8));
    proxy.on(Connections.any(), NetworkFault.closesAfter(Direction.DOWNSTREAM, 7));
    try (RawClient client = connect()) {
      client.send("@@@@@@@@@@");
      assertEquals("@@@@@A@", client.receiveText());
    }
  }

  @Test
  void healsWhatIsOpenAndWhatComes() throws Exception {
    proxy.on(Connections.any(), NetworkFault.closesAfter(Direction.DOWNSTREAM, 2));
    proxy.on(Exchanges.any().from(2), NetworkFault.answerLost());
    try (RawClient client = connect()) {
      client.send("a");
      assertEquals("a", client.receive(1));
      proxy.heal();
      client.send("bcd");
      assertEquals("bcd", client.receive(3));
    }
    try (RawClient client = connect()) {
      client.send("abc");
      assertEquals("abc", client.receive(3));
    }
  }

  @Test
  void endsAPauseWhenItIsClosed() throws Exception {
    FaultProxy slow = FaultProxy.before(server.address());
    slow.on(Connections.any(), NetworkFault.latency(Direction.DOWNSTREAM, Duration.ofHours(1)));
    try (RawClient client = new RawClient(slow.address())) {
      client.send("a");
      slow.close();
      assertThrows(SocketException.class, client::receiveAll);
    }
  }

  @Test
  void leavesNoThreadBehindWhatItsConnectionsDo() throws Exception {
    proxy.on(Connections.nth(1), NetworkFault.stallsAfter(Direction.UPSTREAM, 1));
    proxy.on(Connections.nth(2), NetworkFault.closesAfter(Direction.UPSTREAM, 1));
    try (RawClient stalled = connect();
        RawClient ended = connect();
        RawClient idle = connect();
        RawClient busy = connect()) {
      stalled.send("abc");
      ended.send("abc");
      busy.send("abc");
      assertEquals("abc", busy.receive(3));
      assertTrue(threads() > 0);
      proxy.close();
      assertEquals(0, threads());
      assertThrows(SocketException.class, idle::receiveAll);
      assertThrows(ConnectException.class, this::connect);
      assertThrows(IllegalStateException.class, () -> proxy.listening(true));
    }
  }

  private long threads() {
    String name = "fault-proxy-" + proxy.port() + "-";
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(name))
        .peek(thread -> assertTrue(thread.isDaemon(), thread.getName()))
        .count();
  }

  @Test
  void refusesFaultsAndChoicesThatMakeNoSense() {
    assertThrows(
        IllegalArgumentException.class, () -> proxy.on(Exchanges.any(), NetworkFault.refused()));
    assertThrows(IllegalArgumentException.class, () -> Connections.nth(0));
    assertThrows(IllegalArgumentException.class, () -> Connections.from(3).to(2));
    assertThrows(IllegalArgumentException.class, () -> Connections.any().share(1.5, 1));
    assertThrows(
        IllegalArgumentException.class, () -> NetworkFault.closesAfter(Direction.UPSTREAM, -1));
    assertThrows(
        IllegalArgumentException.class,
        () -> NetworkFault.answers(503, Map.of("A", "b\r\nC: d"), ""));
  }
}
