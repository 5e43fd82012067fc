package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.WalLag;
import dev.copperplate.backup.postgres.replication.WalPosition;
import dev.copperplate.backup.repository.BackupOptions;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Makes the commits, one after the other, on one thread. */
final class Committer {

  private final ArchiveSettings settings;
  private final BackupRepository repository;
  private final Spool spool;
  private final Reports reports;
  private Window window;

  /** Up to when everything is durable; before the first commit since the beginning. */
  private Instant safe;

  Committer(
      ArchiveSettings settings,
      BackupRepository repository,
      StoredCommits stored,
      Spool spool,
      Reports reports) {
    this.settings = settings;
    this.repository = repository;
    this.spool = spool;
    this.reports = reports;
    Instant now = settings.clock().instant();
    this.window = stored.own().flatMap(Window::of).orElseGet(() -> Window.beginning(now));
    this.safe = stored.newest().map(each -> each.snapshot().time()).orElse(now);
  }

  /**
   * Commits what the repository lacks, and ends the window if its time is over.
   *
   * @param server empty if it was not reached yet
   * @param complete whether the server has nothing that was not received
   */
  void commit(Optional<ServerFacts> server, boolean complete)
      throws IOException, InterruptedException {
    Instant now = settings.clock().instant();
    Optional<Cut> cut = server.isEmpty() ? Optional.empty() : spool.cut();
    if (cut.isEmpty()) {
      return;
    }
    Window current = window.last().isPresent() ? window : Window.beginning(now);
    boolean over = current.isOver(now, settings.window());
    if (cut.get().fresh() || over) {
      commit(server.get(), cut.get(), current, over);
    }
    safe = complete ? now : safe;
  }

  private void commit(ServerFacts server, Cut cut, Window current, boolean over)
      throws IOException, InterruptedException {
    WalFacts facts =
        new WalFacts(
            server.system(),
            server.version(),
            server.size(),
            current.startWith(cut),
            cut.end(),
            settings.slot(),
            current.began(),
            over,
            current.gapsWith(cut.gaps()));
    WalCapture commit = new WalCapture(settings.source(), cut, current, facts);
    BackupReport report = repository.backup(commit, options(over));
    window =
        over
            ? Window.beginning(settings.clock().instant())
            : current.with(report.snapshot(), commit.facts());
    spool.release(cut);
    reports.committed(report.snapshot(), cut.end().lsn());
  }

  private BackupOptions options(boolean over) {
    return over ? settings.options() : settings.options().withoutRetention();
  }

  WalLag lag(ServerView view, boolean streaming) {
    Instant now = settings.clock().instant();
    Lsn durable = spool.durable().map(WalPosition::lsn).orElse(Lsn.NONE);
    return new WalLag(
        durable,
        view.behind(durable),
        spool.oldest().map(each -> between(each, now)).orElse(Duration.ZERO),
        between(safe, now),
        view.retainedBytes(),
        spool.bytes(),
        streaming);
  }

  private static Duration between(Instant from, Instant to) {
    return from.isBefore(to) ? Duration.between(from, to) : Duration.ZERO;
  }
}
