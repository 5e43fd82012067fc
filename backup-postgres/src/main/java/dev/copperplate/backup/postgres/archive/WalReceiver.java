package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Receives WAL into the spool, on a thread of its own, until it is told to stop. Connects again,
 * with growing pauses, for as long as that may help.
 */
final class WalReceiver implements Runnable {

  private final ArchiveSettings settings;
  private final ServerConnector connector;
  private final Spool spool;
  private final Reports reports;
  private final Bell bell;
  private final Pauses pauses;
  private final Resumption resumption;
  private volatile ServerView view = ServerView.NONE;
  private volatile @Nullable ReplicationConnection open;
  private volatile @Nullable Exception failure;
  private volatile boolean streaming;
  private volatile boolean stopping;
  private volatile boolean outdated;
  private boolean connected;

  WalReceiver(
      ArchiveSettings settings,
      ServerConnector connector,
      Snapshots repository,
      StoredCommits stored,
      Spool spool,
      Reports reports,
      Bell bell,
      Pauses pauses) {
    this.settings = settings;
    this.connector = connector;
    this.spool = spool;
    this.reports = reports;
    this.bell = bell;
    this.pauses = pauses;
    this.resumption = new Resumption(settings, repository, stored, spool, reports);
  }

  /** The server, once it was reached. */
  Optional<ServerFacts> server() {
    return resumption.server();
  }

  ServerView view() {
    return view;
  }

  void view(ServerView seen) {
    view = seen;
  }

  boolean isStreaming() {
    return streaming;
  }

  /** Whether all was received that the server has. */
  boolean hasCaughtUp() {
    return streaming
        && spool.position().filter(each -> !each.lsn().isBefore(view.end())).isPresent();
  }

  void streaming(boolean now) {
    streaming = now;
    if (now) {
      connected = true;
      pauses.reset();
      reports.over(connector.toString());
      reports.over(slotSubject());
    }
  }

  boolean isStopping() {
    return stopping;
  }

  /** Whether somebody else has used the slot, so that what was read of the repository is old. */
  boolean isOutdated() {
    return outdated;
  }

  /** Throws what no later attempt would mend. */
  void requireWell() throws IOException {
    Exception failed = failure;
    if (failed instanceof IOException io) {
      throw io;
    }
    if (failed instanceof RuntimeException unexpected) {
      throw unexpected;
    }
  }

  /** Lets it end after it has told the server what is durable. */
  void stop() {
    stopping = true;
  }

  /** Ends it at once. */
  void abort() {
    stopping = true;
    ReplicationConnection connection = open;
    if (connection != null) {
      connection.close();
    }
  }

  @Override
  public void run() {
    try {
      while (!stopping && !outdated) {
        attempt();
      }
    } catch (IOException | RuntimeException e) {
      failure = stopping ? null : e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      bell.ring();
    }
  }

  private void attempt() throws IOException, InterruptedException {
    try (ReplicationConnection connection = connector.connect()) {
      open = connection;
      new WalSession(settings, connection, connector.toString(), this, resumption, spool, bell)
          .receive();
      full();
    } catch (OtherSystemException | OtherHistoryException e) {
      throw e;
    } catch (BackupException e) {
      failed(e);
    } finally {
      streaming = false;
      open = null;
    }
  }

  /** The session ended because there is no room, unless it was told to. */
  private void full() throws InterruptedException {
    if (!stopping) {
      reports.lasting(
          Finding.warning(
              spoolSubject(),
              "is full, so no WAL is received; the server keeps it",
              "See why the repository takes nothing in; the server's disk fills up meanwhile"));
      spool.awaitRelease(pauses.next());
    }
  }

  /** There is room again. */
  void roomy() {
    reports.over(spoolSubject());
  }

  private void failed(BackupException e) throws IOException, InterruptedException {
    if (stopping) {
      return;
    }
    if (!connected && !e.retryable() && !resumption.isMending()) {
      throw e;
    }
    String message = String.valueOf(e.getMessage());
    if (e.kind() == Kind.LOCKED) {
      reports.lasting(
          Finding.warning(
              slotSubject(),
              "is used by somebody else: " + message,
              "Another archiver is at work, and this one takes over when it ends"));
    } else {
      reports.lasting(Finding.warning(connector.toString(), message, ""));
    }
    spool.awaitRelease(pauses.next());
    outdated = e.kind() == Kind.LOCKED && spool.position().isEmpty();
  }

  private String slotSubject() {
    return "slot " + settings.slot();
  }

  private static String spoolSubject() {
    return "the spool";
  }
}
