package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** Stores that are slow or say nothing, and threads that wait for them. */
class S3WaitingTest extends S3TargetSuite {

  private static final Duration SHORT = Duration.ofMillis(200);

  private S3TargetBuilder at(URI endpoint) {
    return FakeTargets.builder(store, PLACE).endpoint(endpoint);
  }

  @Test
  void aStoreThatSaysNothingIsGivenUpAfterItsSilence() throws IOException {
    try (SilentServer silent = new SilentServer();
        S3Target waiting = at(silent.endpoint()).silenceTimeout(SHORT).build()) {
      assertEveryCallIsGivenUp(waiting, "timed out");
    }
  }

  @Test
  void aRequestThatTakesTooLongIsGivenUp() throws IOException {
    try (SilentServer silent = new SilentServer();
        S3Target waiting = at(silent.endpoint()).requestTimeout(SHORT).build()) {
      assertEveryCallIsGivenUp(waiting, "200");
      // What gave up the request has not interrupted the thread for good.
      assertFalse(Thread.currentThread().isInterrupted());
    }
  }

  private static void assertEveryCallIsGivenUp(S3Target target, String word) {
    Explained.failure(Kind.UNAVAILABLE, () -> put(target), "Put of data/00/pack", word);
    Explained.failure(
        Kind.UNAVAILABLE, () -> target.read(KEY, ByteRange.ALL), "Read of data/00/pack", word);
    Explained.failure(Kind.UNAVAILABLE, () -> target.list("data/"), "Listing of data/*", word);
    Explained.failure(Kind.UNAVAILABLE, () -> target.delete(List.of(KEY)), "s3://orders", word);
    Explained.failure(Kind.UNAVAILABLE, target::capabilities, "s3://orders/backups", word);
  }

  /** Sends the head of an object and its first byte, and then nothing until the test has ended. */
  private static HttpHandler silentAfter(CountDownLatch end) {
    return exchange -> {
      sendHead(exchange);
      awaitUninterruptibly(end);
      exchange.close();
    };
  }

  private static void sendHead(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("ETag", "\"1\"");
    exchange.sendResponseHeaders(200, 1_000_000);
    exchange.getResponseBody().write(1);
    exchange.getResponseBody().flush();
  }

  private static void awaitUninterruptibly(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The server closes.
    }
  }

  @Test
  void aBodyThatStopsIsGivenUpAfterItsSilence() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    try (RawServer server = new RawServer(silentAfter(end));
        S3Target waiting = at(server.endpoint()).silenceTimeout(SHORT).build();
        InputStream in = waiting.read(KEY, ByteRange.ALL)) {
      assertEquals(1, in.read());
      Explained.failure(Kind.UNAVAILABLE, in::read, "Read of data/00/pack", "timed out");
      end.countDown();
    }
  }

  @Test
  void aBodyThatTricklesIsGivenUp() throws IOException {
    HttpHandler trickling =
        exchange -> {
          sendHead(exchange);
          try {
            for (int i = 0; i < 1_000_000; i++) {
              Thread.sleep(10);
              exchange.getResponseBody().write(1);
              exchange.getResponseBody().flush();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The server closes.
          }
        };
    try (RawServer server = new RawServer(trickling);
        S3Target waiting = at(server.endpoint()).requestTimeout(SHORT).build();
        InputStream in = waiting.read(KEY, ByteRange.ALL)) {
      Explained.failure(
          Kind.UNAVAILABLE, in::readAllBytes, "Read of data/00/pack", "took more than PT0.2S");
    }
  }

  @Test
  void whoWaitsForABodyEndsWhenInterrupted() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (RawServer server = new RawServer(silentAfter(end));
        S3Target waiting = at(server.endpoint()).build();
        InputStream in = waiting.read(KEY, ByteRange.ALL)) {
      assertEquals(1, in.read());
      assertInterruptible(in::read, "Read of data/00/pack");
      end.countDown();
    }
  }

  @Test
  void whoIsInterruptedAlreadyReadsNoMore() throws IOException {
    put();
    try (InputStream in = target.read(KEY, ByteRange.ALL)) {
      assertEquals(0, in.read());
      Thread.currentThread().interrupt();
      InterruptedIOException ended = assertThrows(InterruptedIOException.class, in::read);
      assertTrue(ended.getMessage().contains("Read of data/00/pack"), ended::getMessage);
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void whoIsInterruptedAlreadyClosesWhatWasRead() throws IOException {
    put();
    try (S3Target narrow = FakeTargets.builder(store, PLACE).connections(1).build()) {
      InputStream in = narrow.read(KEY, ByteRange.ALL);
      assertArrayEquals(BYTES, in.readAllBytes());
      Thread.currentThread().interrupt();
      in.close();
      assertTrue(Thread.interrupted());
      assertArrayEquals(BYTES, read(narrow));
    }
  }

  @Test
  void whoWaitsForAConnectionEndsWhenInterrupted() throws Exception {
    put();
    try (S3Target narrow = FakeTargets.builder(store, PLACE).connections(1).build()) {
      try (InputStream only = narrow.read(KEY, ByteRange.ALL)) {
        assertInterruptible(
            () -> {
              put(narrow);
              return KEY;
            },
            "Put of data/00/pack");
        assertArrayEquals(BYTES, only.readAllBytes());
      }
      put(narrow);
    }
  }

  @Test
  void whoWaitsForAConnectionTooLongGivesUp() throws IOException {
    put();
    try (S3Target narrow =
            FakeTargets.builder(store, PLACE).connections(1).requestTimeout(SHORT).build();
        InputStream only = narrow.read(KEY, ByteRange.ALL)) {
      Explained.failure(Kind.UNAVAILABLE, () -> put(narrow), "Put of data/00/pack", "200");
      assertFalse(Thread.currentThread().isInterrupted());
      assertArrayEquals(BYTES, only.readAllBytes());
    }
  }

  @Test
  void whoWaitsForWhatAnotherAsksEndsWhenInterrupted() throws Exception {
    try (SilentServer silent = new SilentServer();
        S3Target waiting = at(silent.endpoint()).build()) {
      FutureTask<Object> first = new FutureTask<>(waiting::capabilities);
      Thread asking = start(first);
      awaitWaiting(asking);
      assertInterruptible(waiting::capabilities, "s3://orders/backups");
      asking.interrupt();
      assertThrows(ExecutionException.class, () -> first.get(30, TimeUnit.SECONDS));
    }
  }

  /** Interrupts a call once it waits, and asserts that it ends at once and says that it did. */
  private static void assertInterruptible(ThrowingSupplier<?> call, String word) throws Exception {
    FutureTask<Boolean> flag = new FutureTask<>(() -> Thread.currentThread().isInterrupted());
    FutureTask<Throwable> failure =
        new FutureTask<>(
            () -> {
              Throwable thrown = assertThrows(IOException.class, call::get);
              flag.run();
              return thrown;
            });
    Thread thread = start(failure);
    awaitWaiting(thread);
    thread.interrupt();
    Throwable thrown = failure.get(20, TimeUnit.SECONDS);
    assertInstanceOf(InterruptedIOException.class, thrown, thrown::toString);
    assertTrue(thrown.getMessage().contains(word), thrown::getMessage);
    Explained.assertNoSecret(thrown);
    assertTrue(flag.get());
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task, "waits");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** A thread that reads a socket looks as if it ran, so its stack is looked at. */
  private static void awaitWaiting(Thread thread) {
    while (!isWaiting(thread)) {
      Thread.onSpinWait();
    }
  }

  private static boolean isWaiting(Thread thread) {
    if (thread.getState() == Thread.State.BLOCKED
        || thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING) {
      return true;
    }
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0
        && stack[0].isNativeMethod()
        && stack[0].getMethodName().startsWith("poll");
  }

  @Test
  void streamsThatAreClosedEarlyKeepNoConnection() throws IOException {
    target.put(KEY, Content.of(new byte[5_000_000]), PutOptions.DATA);
    try (S3Target narrow =
        FakeTargets.builder(store, PLACE)
            .connections(2)
            .requestTimeout(Duration.ofSeconds(20))
            .build()) {
      for (int i = 0; i < 10; i++) {
        narrow.read(KEY, ByteRange.ALL).close();
        try (InputStream in = narrow.read(KEY, new ByteRange(10, 4_000_000))) {
          assertEquals(0, in.read());
        }
        narrow.read(KEY, new ByteRange(10, 10)).close();
        narrow.read(KEY, new ByteRange(10_000_000, 10_000_001)).close();
        ObjectKey absent = new ObjectKey("absent");
        Explained.failure(Kind.NOT_FOUND, () -> narrow.read(absent, ByteRange.ALL), "absent");
        narrow.list("").close();
      }
    }
  }

  @Test
  void whoUsesATargetThatIsClosedIsToldSo() throws Exception {
    // More than a connection has in its buffers.
    target.put(KEY, Content.of(new byte[50_000_000]), PutOptions.DATA);
    S3Target closed = FakeTargets.builder(store, PLACE).build();
    InputStream in = closed.read(KEY, ByteRange.ALL);
    closed.close();
    List<Executable> calls =
        List.of(
            () -> put(closed), () -> closed.read(KEY, ByteRange.ALL), () -> closed.list("data/"));
    for (Executable each : calls) {
      Explained.failure(Kind.INVALID, each, "s3://orders/backups", "is closed");
    }
    Explained.failure(Kind.UNAVAILABLE, in::readAllBytes, "Read of data/00/pack");
    in.close();
  }

  @Test
  void whoWaitsForATargetThatIsClosedIsToldSo() throws Exception {
    try (SilentServer silent = new SilentServer()) {
      S3Target waiting = at(silent.endpoint()).build();
      FutureTask<Throwable> failure =
          new FutureTask<>(() -> assertThrows(Throwable.class, () -> put(waiting)));
      awaitWaiting(start(failure));
      waiting.close();
      Throwable thrown = failure.get(20, TimeUnit.SECONDS);
      Explained.failure(
          Kind.INVALID,
          () -> {
            throw thrown;
          },
          "Put of data/00/pack to s3://orders/backups",
          "is closed");
    }
  }
}
