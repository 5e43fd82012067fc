package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How long one call goes on without progress, and what it was that held it up last. */
final class Patience {

  private static final long FIRST_WAIT_MILLIS = 50;
  private static final long LONGEST_WAIT_MILLIS = 1_000;

  /** A quota may need a while for a batch that is much larger than it. */
  private static final Duration LONGEST_THROTTLE = Duration.ofHours(1);

  private final String doing;
  private final Duration limit;
  private final CompletableFuture<Void> closing;
  private long end;
  private final long throttleEnd;
  private long wait = FIRST_WAIT_MILLIS;
  private @Nullable String obstacle;
  private @Nullable String awaited;
  private @Nullable Throwable cause;

  /**
   * @param doing what the call does, with topic, partition and offset, to begin a message with
   * @param closing completes when all waiting is to end
   */
  Patience(String doing, Duration limit, CompletableFuture<Void> closing) {
    this.doing = doing;
    this.limit = limit;
    this.closing = closing;
    this.end = System.nanoTime() + limit.toNanos();
    this.throttleEnd = System.nanoTime() + LONGEST_THROTTLE.toNanos();
  }

  String doing() {
    return doing;
  }

  /** Bytes move: a large batch on a slow network takes its time. */
  void moved() {
    end = System.nanoTime() + limit.toNanos();
  }

  /** When it is over, by {@link System#nanoTime}. */
  long end() {
    return end;
  }

  /** An answer is there; whether it is any progress is seen from its content. */
  void end(long nanos) {
    end = nanos;
  }

  /**
   * Notes what is waited for, beside what was in the way before.
   *
   * @param answer null if it is there
   */
  void awaiting(@Nullable String answer) {
    awaited = answer;
  }

  /** Notes what is in the way. */
  void hindered(String why, @Nullable Throwable by) {
    obstacle = why;
    cause = by;
  }

  /**
   * The time that is left, at least one millisecond.
   *
   * @throws BackupException {@code UNAVAILABLE} if nothing is left
   */
  long leftMillis() throws BackupException, InterruptedException {
    check();
    long left = end - System.nanoTime();
    if (left <= 0) {
      throw new BackupException(
          Kind.UNAVAILABLE,
          doing + " made no progress for " + limit.toSeconds() + " s: " + obstacles(),
          cause);
    }
    return Math.max(TimeUnit.NANOSECONDS.toMillis(left), 1);
  }

  private String obstacles() {
    return Stream.of(obstacle, awaited == null ? null : "waiting for " + awaited)
        .filter(Objects::nonNull)
        .collect(Collectors.joining("; "));
  }

  /** Whether somebody wants this to end. */
  void check() throws BackupException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (closing.isDone()) {
      throw closed();
    }
  }

  /** Waits a little before the next try, longer each time. */
  void pause(String why, @Nullable Throwable by) throws BackupException, InterruptedException {
    hindered(why, by);
    sleep(Math.min(wait, leftMillis()));
    wait = Math.min(wait * 2, LONGEST_WAIT_MILLIS);
  }

  /** Waits as long as a broker says, which is no lack of progress. */
  void throttle(int millis) throws BackupException, InterruptedException {
    hindered("the broker throttles this client; see the quotas of its user and client id", null);
    long now = System.nanoTime();
    long nanos = Math.min(TimeUnit.MILLISECONDS.toNanos(millis), throttleEnd - now);
    if (nanos > 0) {
      end += nanos;
      sleep(Math.max(TimeUnit.NANOSECONDS.toMillis(nanos), 1));
    }
    leftMillis();
  }

  private void sleep(long millis) throws BackupException, InterruptedException {
    try {
      closing.get(millis, TimeUnit.MILLISECONDS);
      throw closed();
    } catch (TimeoutException over) {
      check();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The value of the future, or null if it is not there in the time that is left. */
  <T> @Nullable T await(CompletableFuture<T> future, long atMostMillis)
      throws BackupException, InterruptedException, ExecutionException {
    try {
      CompletableFuture.anyOf(future, closing)
          .get(Math.min(leftMillis(), atMostMillis), TimeUnit.MILLISECONDS);
      check();
      return future.get(0, TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      return null;
    }
  }

  private BackupException closed() {
    return new BackupException(Kind.CONFLICT, doing + " ended: its transport was closed");
  }
}
