package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.repository.BackupRepository;
import java.io.IOException;
import java.time.Duration;

/**
 * Archives until it is stopped: begins with what the repository has, receives, commits. Begins
 * again when somebody else has used the slot or removed the newest commit.
 */
public final class WalArchive {

  private final ArchiveSettings settings;
  private final ServerConnector connector;
  private final BackupRepository repository;
  private final Reports reports;
  private final Bell bell = new Bell();
  private final Pauses pauses = new Pauses();
  private volatile boolean stopping;

  public WalArchive(
      ArchiveSettings settings, ServerConnector connector, BackupRepository repository) {
    this.settings = settings;
    this.connector = connector;
    this.repository = repository;
    this.reports = new Reports(settings.listener());
  }

  /** Lets {@link #run} end after one more commit. */
  public void stop() {
    stopping = true;
    bell.ring();
  }

  /** Archives, until it is stopped or interrupted, or nothing can be done any more. */
  public void run() throws IOException, InterruptedException {
    try (SpoolDirectory directory = SpoolDirectory.open(settings.spool())) {
      while (!stopping) {
        try (Spool spool = new Spool(directory, settings.spoolBytes(), settings.clock())) {
          archive(spool);
        }
      }
    }
  }

  private void archive(Spool spool) throws IOException, InterruptedException {
    StoredCommits stored = stored();
    stored.end().ifPresent(spool::durable);
    WalReceiver receiver =
        new WalReceiver(settings, connector, repository, stored, spool, reports, bell, pauses);
    Thread thread = new Thread(receiver, "copperplate-wal-" + settings.name());
    thread.setDaemon(true);
    thread.start();
    try {
      commit(new Committer(settings, repository, stored, spool, reports), receiver);
      receiver.stop();
      thread.join(settings.silence().toMillis());
    } finally {
      receiver.abort();
      thread.interrupt();
      joined(thread);
    }
  }

  /** What it closed frees it, so this does not take long; an interruption is kept for later. */
  private static void joined(Thread thread) {
    boolean interrupted = Thread.interrupted();
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private StoredCommits stored() throws IOException, InterruptedException {
    while (true) {
      try {
        return StoredCommits.of(repository, settings.source(), settings.slot());
      } catch (BackupException e) {
        if (!e.retryable() || stopping) {
          throw e;
        }
        reports.lasting(Finding.warning("the repository", String.valueOf(e.getMessage()), ""));
        bell.await(pauses.next());
      }
    }
  }

  private void commit(Committer committer, WalReceiver receiver)
      throws IOException, InterruptedException {
    long due = System.nanoTime();
    while (!receiver.isOutdated()) {
      due = Math.max(due + settings.interval().toNanos(), System.nanoTime());
      if (!stopping) {
        bell.await(Duration.ofNanos(due - System.nanoTime()));
      }
      receiver.requireWell();
      boolean last = stopping;
      if (!committed(committer, receiver) || last) {
        return;
      }
    }
  }

  /** Commits if there is anything; false if the beginning has to be made again. */
  private boolean committed(Committer committer, WalReceiver receiver)
      throws IOException, InterruptedException {
    boolean right = true;
    try {
      committer.commit(receiver.server(), receiver.hasCaughtUp());
      reports.over("the repository");
    } catch (BackupException e) {
      reports.lasting(
          Finding.warning(
              "the repository",
              "did not take the WAL in: " + e.getMessage(),
              "It is tried again after the interval; the server keeps the WAL meanwhile"));
      right = e.kind() != Kind.NOT_FOUND && e.kind() != Kind.CONFLICT;
    }
    reports.measured(committer.lag(receiver.view(), receiver.isStreaming()));
    return right;
  }
}
