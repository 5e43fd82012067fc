package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestRateTest {

  /** Later than when anything here is made, so that no first turn is in the past. */
  private final long now = System.nanoTime() + Duration.ofHours(1).toNanos();

  private static long millis(long number) {
    return TimeUnit.MILLISECONDS.toNanos(number);
  }

  @Test
  void requestsAreSpreadEvenly() {
    RequestRate rate = new RequestRate(100);
    assertEquals(0, rate.reserve(now));
    assertEquals(millis(10), rate.reserve(now));
    assertEquals(millis(20), rate.reserve(now));
    assertEquals(millis(25), rate.reserve(now + millis(5)));
  }

  @Test
  void aTimeWithoutRequestsSavesUpNothing() {
    RequestRate rate = new RequestRate(100);
    assertEquals(0, rate.reserve(now));
    long later = now + Duration.ofMinutes(1).toNanos();
    assertEquals(0, rate.reserve(later));
    assertEquals(millis(10), rate.reserve(later));
  }

  @Test
  void withoutALimitNobodyWaits() {
    RequestRate rate = new RequestRate(0);
    for (int i = 0; i < 1000; i++) {
      assertEquals(0, rate.reserve(now));
    }
  }

  @Test
  void aClockThatOverflowsHarmsNothing() {
    RequestRate rate = new RequestRate(1);
    long end = now + Long.MAX_VALUE - Duration.ofDays(1).toNanos();
    rate.reserve(end);
    assertEquals(0, rate.reserve(end + Duration.ofDays(2).toNanos()));
  }

  @Test
  void whoWaitsForItsTurnCanBeInterrupted() throws Exception {
    RequestRate rate = new RequestRate(1);
    for (int i = 0; i < 1000; i++) {
      rate.reserve(System.nanoTime());
    }
    FutureTask<InterruptedException> waiting =
        new FutureTask<>(() -> assertThrows(InterruptedException.class, rate::await));
    Thread thread = new Thread(waiting, "waits for its turn");
    thread.setDaemon(true);
    thread.start();
    thread.interrupt();
    waiting.get(20, TimeUnit.SECONDS);
  }

  @Test
  void whoWasInterruptedAlreadyGetsNoTurn() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, new RequestRate(0)::await);
    assertFalse(Thread.interrupted());
  }
}
