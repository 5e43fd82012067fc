package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempts of one call. Counts its failures, waits in between, and says when it is enough. */
final class Attempts {

  private static final Logger LOG = LoggerFactory.getLogger(RetryingTarget.class);

  private final RetryPolicy policy;
  private final Waiting waiting;
  private int failures;
  private long since;
  private boolean failing;
  private @Nullable BackupException last;

  Attempts(RetryPolicy policy, Waiting waiting) {
    this.policy = policy;
    this.waiting = waiting;
  }

  /** Something to try, as often as it takes. */
  interface Call<T> {
    T make() throws IOException;
  }

  <T> T make(Call<T> call) throws IOException {
    while (true) {
      try {
        return call.make();
      } catch (BackupException e) {
        pauseAfter(e);
      }
    }
  }

  /** Waits before the next attempt; throws if there is to be none. */
  void pauseAfter(BackupException failure) throws IOException {
    Duration pause = pauseOrNull(failure);
    if (pause == null) {
      throw givenUp(failure);
    }
    LOG.info("Trying again in {} ms: {}", pause.toMillis(), failure.getMessage());
    sleep(pause, failure);
  }

  /** As {@link #pauseAfter}, but says whether there is to be another attempt. */
  boolean pausedAfter(BackupException failure) throws IOException {
    try {
      pauseAfter(failure);
      return true;
    } catch (BackupException e) {
      return false;
    }
  }

  /** A failure after this begins a new time, but not a new count. */
  void progressed() {
    failing = false;
  }

  private @Nullable Duration pauseOrNull(BackupException failure) {
    if (failure.kind() != Kind.UNAVAILABLE) {
      return null;
    }
    if (!failing) {
      failing = true;
      since = waiting.nanoTime();
    }
    failures++;
    last = failure;
    Duration pause = longer(policy.pause(failures, waiting.chance()), failure.retryAfter());
    Duration spent = Duration.ofNanos(waiting.nanoTime() - since);
    boolean enough =
        failures >= policy.attempts() || spent.plus(pause).compareTo(policy.longestTime()) > 0;
    return enough ? null : pause;
  }

  /** What the store asks for, and not a moment less; chance spreads who would come back at once. */
  private static Duration longer(Duration pause, Optional<Duration> asked) {
    return asked
        .filter(wanted -> wanted.compareTo(pause) > 0)
        .map(wanted -> wanted.plus(pause))
        .orElse(pause);
  }

  private BackupException givenUp(BackupException failure) {
    if (failure == last) {
      return failures == 1
          ? failure
          : new BackupException(
              failure.kind(),
              failure.getMessage() + " (given up after " + failures + " attempts)",
              failure);
    }
    if (last != null) {
      failure.addSuppressed(last); // What led to the attempt that failed for another reason.
    }
    return failure;
  }

  private void sleep(Duration pause, BackupException failure) throws InterruptedIOException {
    try {
      waiting.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("Interrupted before trying again: " + failure.getMessage());
      interrupted.initCause(failure);
      throw interrupted;
    }
  }
}
