package dev.copperplate.backup.testkit.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FaultProxyProperties {

  @Property(tries = 30)
  void passesAllBytesOfAllConnectionsBothWaysAsTheyAre(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(max = 400_000) Integer> lengths,
      @ForAll long seed)
      throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(lengths.size());
    try (EchoServer server = new EchoServer();
        FaultProxy proxy = FaultProxy.before(server.address())) {
      List<byte[]> sent = new ArrayList<>();
      List<Future<byte[]>> received = new ArrayList<>();
      for (int length : lengths) {
        byte[] bytes = bytes(length, seed + sent.size());
        sent.add(bytes);
        received.add(clients.submit(() -> exchange(proxy, bytes)));
      }
      for (int i = 0; i < sent.size(); i++) {
        assertArrayEquals(sent.get(i), received.get(i).get());
      }
      assertEquals(lengths.size(), proxy.connections());
      assertEquals(0, proxy.befallen());
    } finally {
      clients.shutdownNow();
    }
  }

  @Property(tries = 30)
  void flipsThatBitAndNoOther(
      @ForAll @IntRange(max = 159_999) int bit, @ForAll Direction direction, @ForAll long seed)
      throws Exception {
    byte[] bytes = bytes(20_000, seed);
    try (EchoServer server = new EchoServer();
        FaultProxy proxy = FaultProxy.before(server.address())) {
      proxy.on(Connections.any(), NetworkFault.flipsBit(direction, bit));
      byte[] received = exchange(proxy, bytes);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertArrayEquals(bytes, received);
    }
  }

  @Property(tries = 30)
  void endsAfterThatManyBytesAndNotOneMore(
      @ForAll @IntRange(max = 30_000) int after, @ForAll long seed) throws Exception {
    byte[] bytes = bytes(30_001, seed);
    try (EchoServer server = new EchoServer();
        FaultProxy proxy = FaultProxy.before(server.address())) {
      proxy.on(Connections.any(), NetworkFault.closesAfter(Direction.UPSTREAM, after));
      try (RawClient client = new RawClient(proxy.address())) {
        client.exchange(bytes);
      }
      EchoServer.Heard heard = server.heard();
      assertArrayEquals(Arrays.copyOf(bytes, after), heard.bytes());
    }
  }

  private static byte[] exchange(FaultProxy proxy, byte[] bytes) throws Exception {
    try (RawClient client = new RawClient(proxy.address())) {
      return client.exchange(bytes);
    }
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }
}
