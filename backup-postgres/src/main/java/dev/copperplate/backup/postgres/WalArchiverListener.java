package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;

/**
 * Hears what an archiver does. Called from its threads, so an implementation is thread-safe and
 * quick; what it throws is logged and ignored.
 */
public interface WalArchiverListener {

  /**
   * A commit is stored; the server is told next. What a disaster takes away begins here.
   *
   * @param durable up to where the WAL is in the repository
   */
  default void committed(Snapshot commit, Lsn durable) {}

  /** How far the archiver is behind; after each interval, whether there was a commit or not. */
  default void measured(WalLag lag) {}

  /**
   * What a person should know: a connection that was lost, a repository that is away, a spool that
   * is full, a gap. Said once for as long as it lasts; gaps are findings of the commit as well.
   */
  default void found(Finding finding) {}
}
