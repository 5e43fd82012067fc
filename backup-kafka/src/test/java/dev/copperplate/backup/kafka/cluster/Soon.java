package dev.copperplate.backup.kafka.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.Callable;

/** A broker learns of a change some moments after its controller has confirmed it. */
final class Soon {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private Soon() {}

  /** Asks again until the answer is the right one, or for a minute. */
  static void equal(Object expected, Callable<?> asking) throws Exception {
    long start = System.nanoTime();
    Object answer = asking.call();
    while (!expected.equals(answer) && System.nanoTime() - start < LIMIT.toNanos()) {
      answer = asking.call();
    }
    assertEquals(expected, answer);
  }
}
