package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A host that talks too much: it uses all of the module on a server full of secrets, well and
 * badly, and prints whatever it is given, logs and stack traces included. Runs in a JVM of its own.
 */
final class CanaryRun {

  private final BackupRepository repository;
  private final Path folder;
  private final PostgresDrill drill;

  private CanaryRun(BackupRepository repository, Path folder, PostgresDrill drill) {
    this.repository = repository;
    this.folder = folder;
    this.drill = drill;
  }

  /**
   * A folder with a repository, that of the server's programs, and whether the module is used well,
   * badly, or for slots alone. Secrets are in the environment.
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    BackupTarget target = LocalTarget.at(folder.resolve("repository"));
    RepositoryOptions options = RepositoryOptions.DEFAULT.scratch(folder.resolve("scratch"));
    try (BackupRepository repository =
        BackupRepository.open(target, TestRepositories.PASSWORDS, options)) {
      PostgresDrill drill = PostgresDrill.with(Path.of(arguments[1]));
      CanaryRun run = new CanaryRun(repository, folder, drill);
      String url = System.getenv("CANARY_URL");
      PostgresServer server =
          PostgresServer.at(url).property("sslpassword", System.getenv("CANARY_KEY"));
      if (arguments[2].equals("well")) {
        run.works(server);
      } else if (arguments[2].equals("slots")) {
        run.replicates(server);
      } else {
        run.fails(url, System.getenv("CANARY_WRONG"));
      }
    }
  }

  private void works(PostgresServer server) throws Exception {
    PostgresPhysicalSource source = PostgresPhysicalSource.of("orders", server).chain(3);
    tell(server);
    tell(server.connections());
    tell(source);
    tell(source.id());
    attempt(() -> PostgresPreflight.of(server).slot("copperplate").chain(Duration.ofDays(1)).run());
    backUp(source);
    Snapshot snapshot = backUp(source);
    try (SnapshotReader reader = repository.open(snapshot)) {
      tell(reader.manifest());
    }
    attempt(() -> repository.verify(snapshot, Verifiers.checksums()));
    archive(server);
    replicates(server);
    attempt(() -> RecoverableWindows.of(repository, "orders"));
    tell(drill);
    attempt(() -> repository.verify(snapshot, drill));
    attempt(
        () -> repository.verify(snapshot, drill.expect("postgres", "SELECT public.fails()", "1")));
    PostgresRestorer restorer = PostgresRestorer.to(folder.resolve("restored"));
    tell(restorer);
    attempt(() -> repository.planRestore(snapshot, restorer));
    attempt(() -> repository.restore(snapshot, restorer));
    attempt(() -> repository.restore(snapshot, restorer.expecting("1")));
  }

  private void replicates(PostgresServer server) {
    PostgresReplicationObjectsSource source = PostgresReplicationObjectsSource.of("orders", server);
    tell(source);
    attempt(
        () -> {
          Snapshot snapshot = backUp(source);
          PostgresReplicationObjectsRestorer restorer =
              PostgresReplicationObjectsRestorer.into(server).subscriptions();
          tell(restorer);
          attempt(() -> repository.planRestore(snapshot, restorer));
          attempt(() -> repository.restore(snapshot, restorer));
          return snapshot;
        });
    attempt(() -> PostgresSlots.of(server).inspect());
  }

  private Snapshot backUp(BackupSource source) throws Exception {
    BackupReport report = repository.backup(source);
    tell(report);
    tell(report.findings());
    return report.snapshot();
  }

  /** Until something is committed, or is wrong. */
  private void archive(PostgresServer server) {
    CountDownLatch told = new CountDownLatch(1);
    WalArchiverListener listener =
        new WalArchiverListener() {
          @Override
          public void committed(Snapshot commit, Lsn durable) {
            tell(commit + " " + durable);
            told.countDown();
          }

          @Override
          public void measured(WalLag lag) {
            tell(lag);
          }

          @Override
          public void found(Finding finding) {
            tell(finding);
            told.countDown();
          }
        };
    PostgresWalArchiver archiver =
        PostgresWalArchiver.of("orders", server, repository)
            .interval(Duration.ofSeconds(1))
            .listener(listener);
    tell(archiver);
    Thread thread =
        new Thread(
            () -> {
              attempt(
                  () -> {
                    archiver.run();
                    return "archived";
                  });
              told.countDown();
            },
            "archiver");
    thread.start();
    attempt(() -> told.await(30, TimeUnit.SECONDS));
    archiver.close();
  }

  private void fails(String url, String wrong) {
    char[] password = wrong.toCharArray();
    uses(url, server -> server.password(() -> password.clone()));
    uses(url, server -> server.property("password", wrong));
    uses(url.replaceFirst(":[0-9]+/", ":1/"), server -> server);
    uses(url.replaceFirst("/postgres", "/nowhere"), server -> server);
    uses(url, server -> server.property("sslmode", wrong));
    uses(url, server -> server.property("options", "-c " + wrong));
    uses(url.replaceFirst(":[0-9]+/", ":nowhere/"), server -> server);
    uses(url.replaceFirst(":[0-9]+/postgres", ""), server -> server);
    uses(url.replaceFirst("jdbc:postgresql:", "jdbc:nosql:"), server -> server);
    uses(url.replaceFirst("//", "//backup:" + wrong + "@"), server -> server);
    uses(url + "%zz" + wrong, server -> server);
  }

  private interface Change {
    PostgresServer of(PostgresServer server);
  }

  private void uses(String url, Change change) {
    attempt(() -> PostgresPreflight.of(change.of(PostgresServer.at(url))).run());
    attempt(
        () ->
            repository.backup(
                PostgresPhysicalSource.of("orders", change.of(PostgresServer.at(url)))));
    attempt(
        () ->
            repository.backup(
                PostgresReplicationObjectsSource.of("orders", change.of(PostgresServer.at(url)))));
    attempt(
        () -> {
          archive(change.of(PostgresServer.at(url)));
          return "no longer";
        });
  }

  private static void attempt(Callable<?> call) {
    try {
      tell(call.call());
    } catch (Exception e) {
      System.out.println("FAILED");
      e.printStackTrace(System.out);
    }
  }

  private static void tell(Object any) {
    System.out.println("TOLD " + any);
  }
}
