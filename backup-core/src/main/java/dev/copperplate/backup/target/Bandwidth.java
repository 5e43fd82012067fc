package dev.copperplate.backup.target;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many bytes a second may pass, all threads together. Given to a {@link ThrottledTarget}; one
 * that is given to several targets is shared by them.
 *
 * <p>Within any time, at most the rate times that time passes, and one burst: what a tenth of a
 * second allows, or one byte if that is more. A limit can be changed at any moment: who waits for a
 * low one goes on as soon as a higher one allows it. Who comes first is served first. Thread-safe.
 */
public final class Bandwidth {

  private static final long MOST = 10_000_000_000L;
  private static final long NANOS = Duration.ofSeconds(1).toNanos();
  private static final long BURSTS = 10;

  /** Taken at once at most, so that many threads get their turns. */
  private static final int SLICE = 64 * 1024;

  private static final long UNLIMITED = 0;

  private final Pace pace;

  // Taken before the other, and held while its holder waits: whoever wants little would otherwise
  // take away, for ever, what gathers for one who wants much.
  private final ReentrantLock turn = new ReentrantLock(true);

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition changed = lock.newCondition();
  private long rate;

  /** What may pass now, in billionths of a byte, so that nothing is rounded. */
  private long credit;

  private long since;

  Bandwidth(long rate, Pace pace) {
    this.pace = pace;
    this.rate = rate;
    this.since = pace.nanoTime();
    this.credit = burst();
  }

  /** Lets everything pass until it gets a limit. */
  public static Bandwidth unlimited() {
    return new Bandwidth(UNLIMITED, Pace.REAL);
  }

  /**
   * Lets so many bytes pass in a second.
   *
   * @throws IllegalArgumentException unless it is 1 to 10,000,000,000
   */
  public static Bandwidth bytesPerSecond(long limit) {
    return new Bandwidth(checked(limit), Pace.REAL);
  }

  /**
   * Changes the limit, for who waits already too.
   *
   * @throws IllegalArgumentException unless it is 1 to 10,000,000,000 bytes a second
   */
  public void limit(long bytesPerSecond) {
    change(checked(bytesPerSecond));
  }

  /** Takes the limit away; whoever waits goes on. */
  public void lift() {
    change(UNLIMITED);
  }

  /** The limit in bytes a second; empty if there is none. */
  public OptionalLong limit() {
    lock.lock();
    try {
      return rate == UNLIMITED ? OptionalLong.empty() : OptionalLong.of(rate);
    } finally {
      lock.unlock();
    }
  }

  private static long checked(long limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException(
          "Not a limit of 1 to " + MOST + " bytes a second: " + limit);
    }
    return limit;
  }

  private void change(long limit) {
    lock.lock();
    try {
      refill();
      boolean limitless = rate == UNLIMITED;
      rate = limit;
      credit = limitless ? burst() : Math.min(credit, burst());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until some of the bytes may pass.
   *
   * @param wanted at least 1
   * @return how many may pass: 1 to {@code wanted}
   */
  int take(int wanted) throws InterruptedException {
    turn.lockInterruptibly();
    try {
      return takeNext(wanted);
    } finally {
      turn.unlock();
    }
  }

  private int takeNext(int wanted) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (int granted = grantable(wanted); ; granted = grantable(wanted)) {
        refill();
        long lacking = rate == UNLIMITED ? 0 : granted * NANOS - credit;
        if (lacking <= 0) {
          credit -= rate == UNLIMITED ? 0 : granted * NANOS;
          return granted;
        }
        pace.await(changed, (lacking + rate - 1) / rate);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives back what was taken and did not pass. */
  void giveBack(int unused) {
    if (unused == 0) {
      return;
    }
    lock.lock();
    try {
      if (rate != UNLIMITED) {
        credit = Math.min(burst(), credit + unused * NANOS);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private int grantable(int wanted) {
    return rate == UNLIMITED ? wanted : (int) Math.min(Math.min(wanted, SLICE), burst() / NANOS);
  }

  private void refill() {
    long now = pace.nanoTime();
    if (rate != UNLIMITED) {
      // Longer than that fills it anyway, and would overflow.
      long elapsed = Math.min(now - since, burst() / rate + 1);
      credit = Math.min(burst(), credit + Math.max(0, elapsed) * rate);
    }
    since = now;
  }

  private long burst() {
    return Math.max(rate / BURSTS, 1) * NANOS;
  }
}
