package dev.copperplate.backup.repository.storage;

import dev.copperplate.backup.PutOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Until when the store is asked to keep what is written. One for everything that a run writes, so
 * that nothing of it goes before the rest.
 */
public final class Retention {

  /** Nothing is asked of the store. */
  public static final Retention NONE =
      new Retention(InstantSource.system(), Instant.MIN, Duration.ZERO);

  /** What is extended is extended by a quarter more, so that the next runs need not ask again. */
  private static final int SPARE = 4;

  private final InstantSource clock;
  private final Instant until;
  private final Duration spare;

  private Retention(InstantSource clock, Instant until, Duration spare) {
    this.clock = clock;
    this.until = until;
    this.spare = spare;
  }

  /**
   * Retention for a time, in whole seconds as stores count it.
   *
   * @param begin from when on
   * @param retainFor how long; empty for not at all
   */
  public static Retention of(Instant begin, Optional<Duration> retainFor, InstantSource clock) {
    if (retainFor.isEmpty()) {
      return NONE;
    }
    Instant until = begin.plus(retainFor.get()).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    return new Retention(clock, until, retainFor.get().dividedBy(SPARE));
  }

  /**
   * Until when; empty if nothing is asked, and if the time has passed, as in a run that takes
   * longer than what it writes is to be kept: stores refuse such a time.
   */
  public Optional<Instant> until() {
    return Optional.of(until).filter(clock.instant()::isBefore);
  }

  /** Until when something is retained whose retention does not reach {@link #until}. */
  public Instant extended() {
    return until.plus(spare);
  }

  PutOptions on(PutOptions options) {
    return new PutOptions(options.ifAbsent(), options.hot(), until());
  }
}
