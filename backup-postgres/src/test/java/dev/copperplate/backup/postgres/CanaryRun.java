package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.verify.Verifiers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * A host that talks too much: it uses all of the module on a server full of secrets, well and
 * badly, and prints whatever it is given, logs and stack traces included. Runs in a JVM of its own.
 */
final class CanaryRun {

  private final BackupRepository repository;
  private final Path restored;

  private CanaryRun(BackupRepository repository, Path restored) {
    this.repository = repository;
    this.restored = restored;
  }

  /** The repository, and a directory that does not exist. Secrets are in the environment. */
  public static void main(String[] arguments) throws Exception {
    try (BackupRepository repository = TestRepositories.open(Path.of(arguments[0]))) {
      CanaryRun run = new CanaryRun(repository, Path.of(arguments[1]));
      String url = System.getenv("CANARY_URL");
      run.works(PostgresServer.at(url).property("sslpassword", System.getenv("CANARY_KEY")));
      run.fails(url, System.getenv("CANARY_WRONG"));
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
    PostgresRestorer restorer = PostgresRestorer.to(restored);
    tell(restorer);
    attempt(() -> repository.planRestore(snapshot, restorer));
    attempt(() -> repository.restore(snapshot, restorer));
    attempt(() -> repository.restore(snapshot, restorer.expecting("1")));
  }

  private Snapshot backUp(PostgresPhysicalSource source) throws Exception {
    BackupReport report = repository.backup(source);
    tell(report);
    tell(report.findings());
    return report.snapshot();
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
