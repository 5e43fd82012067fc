package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.WalArchiverListener;
import dev.copperplate.backup.repository.BackupOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How WAL is archived.
 *
 * @param name of the source
 * @param slot which slot of the server keeps what is not durable
 * @param interval between two commits
 * @param window after how long a commit is retained, and the next holds only what came since
 * @param spool where WAL lies until a commit holds it; empty for a fresh temporary directory
 * @param spoolBytes how much of it at most, but never less than two segments
 * @param options of the commits that are retained
 * @param silence after how long without a sign of life a connection counts as lost
 * @param clock the time of windows
 */
public record ArchiveSettings(
    String name,
    String slot,
    Duration interval,
    Duration window,
    Optional<Path> spool,
    long spoolBytes,
    BackupOptions options,
    WalArchiverListener listener,
    Duration silence,
    InstantSource clock) {

  /** The type of the source. */
  public static final String TYPE = "postgres-wal";

  /** As the server has it: 63 characters at most. */
  private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{1,63}");

  private static final Duration LONGEST = Duration.ofDays(1);

  public ArchiveSettings {
    if (!SLOT.matcher(slot).matches()) {
      throw new IllegalArgumentException(
          "A slot has 1 to 63 lower-case letters, digits and underscores: " + slot);
    }
    requireTime("The interval between two commits", interval);
    requireTime("The window", window);
    if (window.compareTo(interval) < 0) {
      throw new IllegalArgumentException(
          "The window, " + window + ", is shorter than the interval, " + interval);
    }
    if (spoolBytes < 0) {
      throw new IllegalArgumentException("Not a size of the spool: " + spoolBytes);
    }
  }

  private static void requireTime(String what, Duration time) {
    if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(what + " is up to " + LONGEST + ": " + time);
    }
  }

  public ArchiveSettings slot(String changed) {
    return new ArchiveSettings(
        name, changed, interval, window, spool, spoolBytes, options, listener, silence, clock);
  }

  public ArchiveSettings interval(Duration changed) {
    return new ArchiveSettings(
        name, slot, changed, window, spool, spoolBytes, options, listener, silence, clock);
  }

  public ArchiveSettings window(Duration changed) {
    return new ArchiveSettings(
        name, slot, interval, changed, spool, spoolBytes, options, listener, silence, clock);
  }

  public ArchiveSettings spool(Path changed) {
    return new ArchiveSettings(
        name,
        slot,
        interval,
        window,
        Optional.of(changed),
        spoolBytes,
        options,
        listener,
        silence,
        clock);
  }

  public ArchiveSettings spoolBytes(long changed) {
    return new ArchiveSettings(
        name, slot, interval, window, spool, changed, options, listener, silence, clock);
  }

  public ArchiveSettings options(BackupOptions changed) {
    return new ArchiveSettings(
        name, slot, interval, window, spool, spoolBytes, changed, listener, silence, clock);
  }

  public ArchiveSettings listener(WalArchiverListener changed) {
    return new ArchiveSettings(
        name, slot, interval, window, spool, spoolBytes, options, changed, silence, clock);
  }

  public ArchiveSettings silence(Duration changed) {
    return new ArchiveSettings(
        name, slot, interval, window, spool, spoolBytes, options, listener, changed, clock);
  }

  public ArchiveSettings clock(InstantSource changed) {
    return new ArchiveSettings(
        name, slot, interval, window, spool, spoolBytes, options, listener, silence, changed);
  }

  /** How people call an archiver of a server with these settings; nothing of it is secret. */
  public String called(String server) {
    return source()
        + " of "
        + server
        + " by slot "
        + slot
        + ", committed every "
        + interval
        + " in windows of "
        + window
        + ", "
        + spoolBytes
        + " bytes at most in "
        + spool.map(Path::toString).orElse("a spool of its own");
  }

  SourceId source() {
    return new SourceId(TYPE, name);
  }
}
