package dev.copperplate.backup.repository.lock;

import dev.copperplate.backup.records.RecordKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a writer makes room before it begins: while a prune asks for it, and not for ever. It is
 * politeness and no safety; what keeps writers and prune apart is the lock. Thread-safe.
 *
 * <p>A writer waits as long as the prune says, by its own clock that nobody sets, an hour at most,
 * and at most half of its own patience: the other half is for the lock. Who has waited for a prune
 * as long as that one said does not wait for it again.
 */
public final class WriterPause {

  /** No lease holds a writer up for longer. */
  public static final Duration LONGEST = Duration.ofHours(1);

  private static final Duration FIRST_LOOK = Duration.ofMillis(100);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(WriterPause.class);

  private final Leases leases;
  private final Set<RecordKey> waitedFor = ConcurrentHashMap.newKeySet();

  public WriterPause(Leases leases) {
    this.leases = leases;
  }

  /**
   * Waits while a prune asks for it. One listing if none does.
   *
   * @param patience of the writer, for this and for its lock
   * @return what is left of it
   */
  public Duration await(Duration patience) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    long limit = TimeUnit.MILLISECONDS.toNanos(patience.toMillis()) / 2;
    long look = FIRST_LOOK.toNanos();
    List<Lease> asked = asked(begun);
    if (!asked.isEmpty()) {
      LOG.info("A prune asks writers to wait: {}", asked.get(0).subject());
    }
    for (long waited = 0; !asked.isEmpty() && waited < limit; ) {
      TimeUnit.NANOSECONDS.sleep(Math.min(look, limit - waited));
      look = Math.min(2 * look, LONGEST_LOOK.toNanos());
      waited = System.nanoTime() - begun;
      asked = asked(begun);
    }
    Duration left = patience.minusNanos(System.nanoTime() - begun);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** The leases that this writer still waits for. */
  private List<Lease> asked(long begun) throws IOException {
    List<Lease> live = leases.live(LeaseKind.PAUSE);
    waitedFor.retainAll(live.stream().map(Lease::key).toList());
    long waited = System.nanoTime() - begun;
    for (Lease each : live) {
      long longest = Math.min(each.longest().toNanos(), LONGEST.toNanos());
      if (waited >= longest) {
        waitedFor.add(each.key());
      }
    }
    return live.stream().filter(each -> !waitedFor.contains(each.key())).toList();
  }
}
