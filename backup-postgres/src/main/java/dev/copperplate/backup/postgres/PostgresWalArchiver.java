package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.postgres.archive.ArchiveSettings;
import dev.copperplate.backup.postgres.archive.ServerConnector;
import dev.copperplate.backup.postgres.archive.WalArchive;
import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import dev.copperplate.backup.repository.BackupOptions;
import dev.copperplate.backup.repository.BackupRepository;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/**
 * Archives the WAL of a server all the time: receives it as {@code pg_receivewal} does, commits it
 * to a repository every minute, and only then lets the server forget it.
 *
 * <pre>{@code
 * try (PostgresWalArchiver archiver =
 *     PostgresWalArchiver.of("orders", server, repository).spool(Path.of("/var/spool/orders-wal"))) {
 *   archiver.run();
 * }
 * }</pre>
 *
 * <p><b>Commits.</b> Each is a snapshot of the source {@code postgres-wal:NAME} that holds what
 * came since its window began, the segment that is not full included, and replaces the one before
 * it. It is not retained, so until the window is over, an hour by default, a stolen credential can
 * destroy it. The window's last commit is made with the {@linkplain #options options} that were
 * given, and the next one begins a window anew. An interval in which nothing came makes no commit.
 *
 * <p><b>What it does not do.</b> It removes no snapshot. Whoever prunes runs {@code expire} with
 * {@link PostgresWalRetention}: that lets the replaced ones go, and the last of each window when no
 * base needs it any more. {@code gfs} and the like are not for WAL: what they thin out is missing
 * between two backups.
 *
 * <p><b>Slot.</b> A physical slot, made when it is not there. The server keeps the WAL that is not
 * durable, however long the repository is away: without {@code max_slot_wal_keep_size} until its
 * disk is full. Two archivers lose nothing: with one slot the second waits until the first has
 * ended; with two slots both archive, and a restore takes either.
 *
 * <p><b>Gaps.</b> If the server does not have any more what follows, because the slot was dropped,
 * invalidated or moved, or another server was promoted that had none, the archiver goes on behind
 * the gap. The commits of that window are partial, their finding names the range, and a new full
 * backup is needed. A server with another system identifier is refused.
 *
 * <p><b>Threads and memory.</b> {@link #run} takes its caller's thread and one more; a backup run
 * those of the repository. One connection of the replication protocol. WAL waits on disk, in the
 * spool, and is not received while that is full.
 *
 * <p>The choices make a new archiver each; one archiver is run once.
 *
 * @see <a href="https://www.postgresql.org/docs/17/app-pgreceivewal.html">PostgreSQL,
 *     "pg_receivewal"</a>
 */
public final class PostgresWalArchiver implements Closeable {

  /** What a disaster costs at most, unless another interval is chosen. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);

  /** After how long a commit is retained. */
  public static final Duration DEFAULT_WINDOW = Duration.ofHours(1);

  /** How much WAL waits on disk at most: 1 GiB, or two segments if that is more. */
  public static final long DEFAULT_SPOOL_BYTES = 1L << 30;

  private static final int LONGEST_SLOT = 63;

  /** After how long without a sign of life the server counts as lost. */
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final PostgresServer server;
  private final BackupRepository repository;
  private final ArchiveSettings settings;
  private final WalArchive archive;
  private boolean running;

  private PostgresWalArchiver(
      PostgresServer server, BackupRepository repository, ArchiveSettings settings) {
    this.server = server;
    this.repository = repository;
    this.settings = settings;
    this.archive = new WalArchive(settings, new Connector(server, settings.silence()), repository);
  }

  /**
   * Archives a server's WAL into a repository; both stay the host's.
   *
   * @param name of the source, the same for each run
   */
  public static PostgresWalArchiver of(
      String name, PostgresServer server, BackupRepository repository) {
    return new PostgresWalArchiver(
        server,
        repository,
        new ArchiveSettings(
            name,
            slotOf(name),
            DEFAULT_INTERVAL,
            DEFAULT_WINDOW,
            Optional.empty(),
            DEFAULT_SPOOL_BYTES,
            BackupOptions.DEFAULT,
            new WalArchiverListener() {},
            SILENCE,
            InstantSource.system()));
  }

  /** With what a name may not have replaced, and no longer than it may be. */
  private static String slotOf(String name) {
    String legal = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    String slot = "copperplate_" + legal;
    return slot.substring(0, Math.min(slot.length(), LONGEST_SLOT));
  }

  /**
   * With another slot than {@code copperplate_NAME}; each of several archivers of one server that
   * are to work at once has its own.
   *
   * @param slot 1 to 63 lower-case letters, digits and underscores
   */
  public PostgresWalArchiver slot(String slot) {
    return with(settings.slot(slot));
  }

  /** With another time between two commits: what a disaster costs at most. Up to a day. */
  public PostgresWalArchiver interval(Duration time) {
    return with(settings.interval(time));
  }

  /** With another time after which a commit is retained. Up to a day. */
  public PostgresWalArchiver window(Duration time) {
    return with(settings.window(time));
  }

  /**
   * With a directory in which WAL waits for its commit; it gets mode 0700, and files that are named
   * like segments are removed when the archiver begins and ends. Without one, a fresh directory
   * where the JVM has its temporary files.
   */
  public PostgresWalArchiver spool(Path directory) {
    return with(settings.spool(directory));
  }

  /** With another limit of what waits on disk, but never less than two segments. */
  public PostgresWalArchiver spoolBytes(long most) {
    return with(settings.spoolBytes(most));
  }

  /** How the commits that end a window are made; the others are the same without retention. */
  public PostgresWalArchiver options(BackupOptions ofWindows) {
    return with(settings.options(ofWindows));
  }

  /** With somebody who hears what it does, instead of the one before. */
  public PostgresWalArchiver listener(WalArchiverListener listener) {
    return with(settings.listener(listener));
  }

  /** With a clock for the windows. */
  PostgresWalArchiver clock(InstantSource clock) {
    return with(settings.clock(clock));
  }

  /** With another limit of silence than {@link #SILENCE}. */
  PostgresWalArchiver silence(Duration limit) {
    return with(settings.silence(limit));
  }

  private PostgresWalArchiver with(ArchiveSettings changed) {
    return new PostgresWalArchiver(server, repository, changed);
  }

  /**
   * Archives until {@link #close} or an interruption. After {@code close} it makes one more commit;
   * an interruption cancels what is being done. Either way nothing is lost: the slot keeps what is
   * not durable.
   *
   * <p>Once it has received WAL, whatever the server or the repository do is waited out and told to
   * the listener.
   *
   * @throws BackupException {@code CONFLICT} if the server is another system than the one whose WAL
   *     is in the repository, or was put back from an older copy of its disk; {@code LOCKED} if
   *     another archiver uses the spool; before anything was received also {@code DENIED}, {@code
   *     UNSUPPORTED} and what else no waiting mends
   * @throws IllegalStateException if it is running
   */
  public void run() throws IOException, InterruptedException {
    begin();
    try {
      archive.run();
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    if (running) {
      throw new IllegalStateException("The archiver is running");
    }
    running = true;
  }

  private synchronized void end() {
    running = false;
    notifyAll();
  }

  /**
   * Lets {@link #run} end, and waits until it has; returns at once if it does not run. An
   * interruption ends the waiting only.
   */
  @Override
  public void close() {
    archive.stop();
    try {
      awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void awaitEnd() throws InterruptedException {
    while (running) {
      wait();
    }
  }

  /** Name, address and choices. */
  @Override
  public String toString() {
    return settings.called(server.toString());
  }

  /** Opens connections, and is called what the server is. */
  private record Connector(PostgresServer server, Duration silence) implements ServerConnector {

    @Override
    public ReplicationConnection connect() throws IOException {
      return server.replicate(silence);
    }

    @Override
    public String toString() {
      return server.toString();
    }
  }
}
