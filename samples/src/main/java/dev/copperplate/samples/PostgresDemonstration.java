package dev.copperplate.samples;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.PostgresDrill;
import dev.copperplate.backup.postgres.PostgresPhysicalSource;
import dev.copperplate.backup.postgres.PostgresRestorer;
import dev.copperplate.backup.postgres.PostgresWalArchiver;
import dev.copperplate.backup.postgres.RecoveryTarget;
import dev.copperplate.backup.postgres.WalArchiverListener;
import dev.copperplate.backup.postgres.scratch.PostgresBinaries;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The steps of the quick start: a server with data, its backup, its WAL, a table that is dropped by
 * mistake, a drill to the second before, and a restore to it.
 */
final class PostgresDemonstration {

  private static final int ORDERS = 200_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String FILL =
      "INSERT INTO orders SELECT n, 'customer ' || (n * 7919) % 5000, n % 97 + 0.99, md5(n::text)"
          + " FROM generate_series(%s) n";

  private final PostgresBinaries programs;
  private final Path work;
  private final Output output;

  /**
   * @param work an empty directory for everything that is made
   */
  PostgresDemonstration(PostgresBinaries programs, Path work, Output output) {
    this.programs = programs;
    this.work = work;
    this.output = output;
  }

  /**
   * What was done and measured.
   *
   * @param before the time to which the drill and the restore went
   * @param stored bytes of all objects of the repository
   * @param restored how long the restore took
   */
  record Result(
      Path work,
      BackupReport base,
      Lsn durable,
      Instant before,
      Verification drill,
      Duration restored,
      long stored) {

    boolean success() {
      return drill.passed();
    }

    Path repository() {
      return work.resolve("repository");
    }

    Path passwordFile() {
      return work.resolve("password");
    }

    Path data() {
      return work.resolve("restored");
    }
  }

  Result run() throws IOException, InterruptedException {
    // The server's user has to come through, where this is root.
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwx--x--x"));
    Path scratch = Files.createDirectory(work.resolve("scratch"));
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwx--x--x"));
    PasswordFile.create(work.resolve("password"));
    Passwords password = Passwords.file(work.resolve("password"));
    RepositoryOptions options =
        RepositoryOptions.DEFAULT.environment(HostName.get()).scratch(scratch);
    say("Starting PostgreSQL " + programs.version() + " with " + ORDERS + " orders");
    Path folder = Files.createDirectory(work.resolve("server"));
    try (DemonstrationServer server = DemonstrationServer.start(programs, folder);
        BackupTarget target = LocalTarget.at(work.resolve("repository"));
        BackupRepository repository = BackupRepository.create(target, password, options)) {
      server.sql(
          "CREATE TABLE orders (number int PRIMARY KEY, customer text, price numeric, note text)",
          FILL.replace("%s", "1, " + ORDERS));
      return steps(server, repository, target);
    } finally {
      TreeRemoval.remove(folder);
      TreeRemoval.remove(scratch);
    }
  }

  private Result steps(DemonstrationServer server, BackupRepository repository, BackupTarget target)
      throws IOException, InterruptedException {
    Durable durable = new Durable();
    BackupReport base;
    Instant before;
    try (PostgresWalArchiver archiver =
        PostgresWalArchiver.of("orders", server.server(), repository)
            .interval(Duration.ofSeconds(1))
            .listener(durable)) {
      FutureTask<Void> archiving = start(archiver);
      say("Streaming its WAL, and backing it up");
      base = repository.backup(PostgresPhysicalSource.of("orders", server.server()));
      server.sql(FILL.replace("%s", (ORDERS + 1) + ", " + (ORDERS + 1000)));
      before = time(server);
      say("Dropping the table of orders, by mistake, just after " + before);
      server.sql("DROP TABLE orders");
      durable.await(Lsn.parse(server.sql("SELECT pg_current_wal_lsn()")), archiving);
    }
    return bringBack(repository, target, base, before, durable.lsn());
  }

  private Result bringBack(
      BackupRepository repository,
      BackupTarget target,
      BackupReport base,
      Instant before,
      Lsn durable)
      throws IOException, InterruptedException {
    Snapshot snapshot = base.snapshot();
    say("Recovering to the second before, in a drill: a server of its own, amcheck, a question");
    Verification drill =
        repository.verify(
            snapshot,
            PostgresDrill.with(programs.directory())
                .target(RecoveryTarget.time(before))
                .expect(
                    "postgres",
                    "SELECT count(*) FROM public.orders",
                    Integer.toString(ORDERS + 1000)));
    Path data = work.resolve("restored");
    say("Restoring the same to " + data);
    long started = System.nanoTime();
    repository.restore(snapshot, PostgresRestorer.to(data).target(RecoveryTarget.time(before)));
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    return new Result(work, base, durable, before, drill, took, StoredBytes.of(target));
  }

  private static FutureTask<Void> start(PostgresWalArchiver archiver) {
    FutureTask<Void> archiving =
        new FutureTask<>(
            () -> {
              archiver.run();
              return null;
            });
    Thread thread = new Thread(archiving, "archiver");
    thread.setDaemon(true);
    thread.start();
    return archiving;
  }

  /** By the server's clock, whose times are those of its commits. */
  private static Instant time(DemonstrationServer server) throws IOException {
    String utc = "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', ";
    return Instant.parse(server.sql(utc + "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
  }

  private void say(String what) {
    output.out().println(what);
    output.out().flush();
  }

  /** Knows how far the WAL is safe. */
  private static final class Durable implements WalArchiverListener {

    private Lsn lsn = Lsn.NONE;
    private Optional<Finding> last = Optional.empty();

    @Override
    public synchronized void committed(Snapshot commit, Lsn durable) {
      lsn = durable;
      notifyAll();
    }

    @Override
    public synchronized void found(Finding finding) {
      last = Optional.of(finding);
    }

    synchronized Lsn lsn() {
      return lsn;
    }

    synchronized void await(Lsn wanted, FutureTask<Void> archiving)
        throws IOException, InterruptedException {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (lsn.isBefore(wanted)) {
        if (archiving.isDone() || System.nanoTime() - end > 0) {
          throw failure(archiving);
        }
        wait(100);
      }
    }

    private IOException failure(FutureTask<Void> archiving) throws InterruptedException {
      Throwable cause = null;
      if (archiving.isDone()) {
        try {
          archiving.get();
        } catch (ExecutionException e) {
          cause = e.getCause();
        }
      }
      String why = last.map(Finding::toString).orElse("nothing says why");
      return new IOException("The WAL was not archived: " + why, cause);
    }
  }
}
