package dev.copperplate.backup.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BandwidthTest {

  private static final long SECOND = 1_000_000_000L;

  /** Time that passes where somebody waits, and nowhere else. */
  private static final class FakePace implements Pace {

    private final AtomicLong now = new AtomicLong(-5 * SECOND);
    private volatile boolean stopped;
    private final CountDownLatch waiting = new CountDownLatch(1);

    @Override
    public long nanoTime() {
      return now.get();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // The bandwidth looks again.
    public void await(Condition signal, long nanos) throws InterruptedException {
      assertTrue(nanos > 0, "a wait for nothing");
      if (!stopped) {
        now.addAndGet(nanos);
        return;
      }
      waiting.countDown();
      if (!signal.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("Nobody signalled");
      }
    }
  }

  private final FakePace pace = new FakePace();

  @Property(tries = 500)
  void neverMoreThanTheRateAllowsAndOneBurst(
      @ForAll @LongRange(min = 1, max = 10_000_000_000L) long rate,
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 1_000_000) Integer> wanted,
      @ForAll @IntRange(min = 0, max = 3) int idle)
      throws InterruptedException {
    FakePace time = new FakePace();
    Bandwidth bandwidth = new Bandwidth(rate, time);
    long burst = Math.max(1, rate / 10);
    long start = time.nanoTime();
    double passed = 0;
    for (int each : wanted) {
      int granted = bandwidth.take(each);
      assertTrue(granted >= 1 && granted <= each);
      int unused = each % 3 == 0 ? granted / 2 : 0;
      bandwidth.giveBack(unused);
      passed += granted - unused;
      double allowed = (double) (time.nanoTime() - start) * rate / SECOND + burst;
      assertTrue(passed <= allowed + 1e-3, passed + " bytes where " + allowed + " are allowed");
      time.now.addAndGet(each % 5 == 0 ? idle * SECOND / 7 : 0);
    }
  }

  @Property(tries = 200)
  void neverMoreThanItsLimitsAllowWhileTheyChange(
      @ForAll @Size(max = 60) List<@LongRange(min = 1, max = 3_000_000) Long> limits)
      throws InterruptedException {
    FakePace time = new FakePace();
    Bandwidth bandwidth = new Bandwidth(1000, time);
    double allowed = 100;
    double passed = 0;
    long rate = 1000;
    long highest = 100;
    for (long limit : limits) {
      long before = time.nanoTime();
      passed += bandwidth.take(100_000);
      allowed += (double) (time.nanoTime() - before) * rate / SECOND;
      assertTrue(passed <= allowed + highest, passed + " of " + allowed);
      bandwidth.limit(limit);
      rate = limit;
      highest = Math.max(highest, limit / 10);
    }
  }

  @Test
  void whatIsWantedTakesAsLongAsTheRateSays() throws Exception {
    Bandwidth bandwidth = new Bandwidth(1000, pace);
    long start = pace.nanoTime();
    for (long left = 10_100; left > 0; ) {
      left -= bandwidth.take((int) left);
    }
    assertEquals(10 * SECOND, pace.nanoTime() - start);
  }

  @Test
  void aBurstDoesNotGrowWhileNobodyComes() throws Exception {
    Bandwidth bandwidth = new Bandwidth(1000, pace);
    pace.now.addAndGet(SECOND * 3600 * 24 * 365);
    assertEquals(100, bandwidth.take(5000));
    long before = pace.nanoTime();
    bandwidth.take(1);
    assertEquals(SECOND / 1000, pace.nanoTime() - before);
  }

  @Test
  void withoutALimitNobodyWaits() throws Exception {
    Bandwidth bandwidth = new Bandwidth(0, pace);
    long before = pace.nanoTime();
    assertEquals(Integer.MAX_VALUE, bandwidth.take(Integer.MAX_VALUE));
    assertEquals(before, pace.nanoTime());
    assertEquals(OptionalLong.empty(), bandwidth.limit());
    assertEquals(OptionalLong.of(7), Bandwidth.bytesPerSecond(7).limit());
  }

  @Test
  void whoWaitsForALowLimitGoesOnAsSoonAsItIsRaised() throws Exception {
    assertGoesOn(bandwidth -> bandwidth.limit(1_000_000_000));
  }

  @Test
  void whoWaitsGoesOnAsSoonAsTheLimitIsLifted() throws Exception {
    assertGoesOn(Bandwidth::lift);
  }

  private interface Change {
    void of(Bandwidth bandwidth);
  }

  /** The clock stands still but for the change, so that nothing but the signal can wake it. */
  private void assertGoesOn(Change change) throws Exception {
    Bandwidth bandwidth = new Bandwidth(1, pace);
    bandwidth.take(1);
    pace.stopped = true;
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> waiting = other.submit(() -> bandwidth.take(1));
      assertTrue(pace.waiting.await(30, TimeUnit.SECONDS));
      pace.now.addAndGet(10);
      change.of(bandwidth);
      pace.now.addAndGet(10);
      change.of(bandwidth); // A nanosecond is a byte by now.
      assertEquals(1, waiting.get(30, TimeUnit.SECONDS));
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void whoWantsMuchIsNotOvertakenForEverByThoseWhoWantLittle() throws Exception {
    Bandwidth bandwidth = new Bandwidth(1000, pace);
    bandwidth.take(100);
    pace.stopped = true;
    List<String> served = Collections.synchronizedList(new ArrayList<>());
    Thread much = taking(bandwidth, 100, () -> served.add("much"));
    much.start();
    assertTrue(pace.waiting.await(30, TimeUnit.SECONDS));
    pace.now.addAndGet(SECOND / 20);
    Thread little = taking(bandwidth, 40, () -> served.add("little"));
    little.start();
    long end = System.nanoTime() + 30 * SECOND;
    while (little.isAlive() && little.getState() != Thread.State.WAITING) {
      assertTrue(System.nanoTime() < end, "it neither waits nor goes on");
      Thread.onSpinWait();
    }
    pace.now.addAndGet(SECOND / 20);
    bandwidth.limit(1000); // wakes who waits
    while (served.isEmpty()) {
      assertTrue(System.nanoTime() < end, "nobody goes on");
      Thread.onSpinWait();
    }
    pace.now.addAndGet(SECOND);
    bandwidth.limit(1000);
    much.join(30_000);
    little.join(30_000);
    assertEquals(List.of("much", "little"), served);
  }

  private static Thread taking(Bandwidth bandwidth, int bytes, Runnable then) {
    return new Thread(
        () -> {
          try {
            bandwidth.take(bytes);
            then.run();
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Test
  void allThreadsTogetherKeepToTheLimit() throws Exception {
    Bandwidth bandwidth = new Bandwidth(1_000_000, pace);
    long start = pace.nanoTime();
    AtomicLong passed = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Object>> all =
          threads.invokeAll(
              java.util.Collections.nCopies(
                  8,
                  () -> {
                    for (int left = 2_000_000; left > 0; ) {
                      int taken = bandwidth.take(left);
                      left -= taken;
                      passed.addAndGet(taken);
                    }
                    return null;
                  }));
      for (Future<Object> each : all) {
        each.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(16_000_000, passed.get());
    double allowed = (pace.nanoTime() - start) / 1000.0 + 100_000;
    assertTrue(passed.get() <= allowed, passed + " of " + allowed);
  }

  @Test
  void aReadAndAPutThatAreHeldUpEndWhenTheirThreadIsInterrupted() throws Exception {
    Bandwidth bandwidth = new Bandwidth(1, pace);
    bandwidth.take(1);
    pace.stopped = true;
    BackupTarget target = ThrottledTarget.of(new ScriptedTarget(), bandwidth, bandwidth);
    ObjectKey key = new ObjectKey("k");
    assertHeldUp(() -> target.read(key, ByteRange.ALL).readAllBytes());
    assertHeldUp(() -> target.put(key, Content.of(new byte[10]), PutOptions.DATA));
  }

  private static void assertHeldUp(org.junit.jupiter.api.function.Executable call) {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, call);
    assertTrue(Thread.interrupted(), "the interrupt flag is lost");
  }

  @Test
  void eachDirectionHasItsOwnLimitAndSkippedBytesCount() throws Exception {
    Bandwidth reading = new Bandwidth(10, pace);
    BackupTarget target = ThrottledTarget.of(new ScriptedTarget(), reading, new Bandwidth(0, pace));
    ObjectKey key = new ObjectKey("k");
    long start = pace.nanoTime();
    target.put(key, Content.of(new byte[1_000_000]), PutOptions.DATA);
    assertEquals(start, pace.nanoTime());
    try (InputStream in = target.read(key, ByteRange.ALL)) {
      in.skipNBytes(5);
      assertEquals(5, in.readAllBytes().length);
    }
    assertTrue(pace.nanoTime() - start >= 9 * SECOND / 10, "read faster than allowed");
  }

  @Test
  void whatIsThrottledIsClosedAndItsFailuresArePassedOn() throws Exception {
    ScriptedTarget store = new ScriptedTarget(ScriptedTarget.fine(), ScriptedTarget.unavailable());
    BackupTarget target = ThrottledTarget.of(store, Bandwidth.unlimited(), Bandwidth.unlimited());
    assertInstanceOf(dev.copperplate.backup.VersionedTarget.class, target);
    try (InputStream in = target.read(new ObjectKey("k"), ByteRange.ALL)) {
      assertThrows(dev.copperplate.backup.BackupException.class, in::readAllBytes);
      assertEquals(ScriptedTarget.BYTES.length, in.readAllBytes().length);
    }
    assertEquals(1, store.closed);
    boolean[] closed = {false};
    target.put(new ObjectKey("k"), closing(closed), PutOptions.DATA);
    assertTrue(closed[0]);
  }

  private static Content closing(boolean[] closed) {
    return new Content() {
      @Override
      public long length() {
        return 3;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(new byte[3]) {
          @Override
          public void close() throws IOException {
            closed[0] = true;
            super.close();
          }
        };
      }
    };
  }

  @Test
  void aLimitIsAPositiveNumber() {
    for (long wrong : new long[] {0, -1, Long.MAX_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> Bandwidth.bytesPerSecond(wrong));
      assertThrows(IllegalArgumentException.class, () -> Bandwidth.unlimited().limit(wrong));
    }
  }
}
