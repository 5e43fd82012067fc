package dev.copperplate.backup.repository;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.SourceId;
import java.time.Instant;
import java.util.Optional;

/**
 * Hears what a repository does. Every start has one end. Called from several threads, so an
 * implementation is thread-safe and quick; what it throws is logged and ignored.
 */
public interface BackupListener {

  /** An operation has started. */
  default void started(Event event) {}

  /** It has come so far; at most ten times a second. */
  default void progressed(Event event, Progress progress) {}

  /** It has ended. */
  default void ended(Event event, Optional<Exception> failure) {}

  /**
   * What is going on.
   *
   * @param operation {@code backup}, {@code restore}, {@code verify}, {@code expire}, {@code
   *     prune}, {@code check}, {@code repair} or {@code copy}
   * @param run the run, also the identity of the snapshot if it is a backup
   * @param source what is backed up, or was; empty if it concerns more than one
   * @param at when it started
   */
  record Event(String operation, RunId run, Optional<SourceId> source, Instant at) {}

  /**
   * How far it is.
   *
   * @param files done
   * @param bytes done
   * @param expectedFiles in total, or 0 if not known
   * @param expectedBytes in total, or 0 if not known
   */
  record Progress(long files, long bytes, long expectedFiles, long expectedBytes) {}
}
