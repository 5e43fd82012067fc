package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A host that captures a server full of secrets, well and badly, and prints whatever it is given,
 * logs and stack traces included. Runs in a JVM of its own.
 */
final class LogicalCanaryRun {

  private LogicalCanaryRun() {}

  /** A folder with a repository, and that of PostgreSQL's programs; secrets in the environment. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path tools = Path.of(arguments[1]);
    RepositoryOptions options = RepositoryOptions.DEFAULT.scratch(folder.resolve("scratch"));
    try (BackupRepository repository =
        BackupRepository.open(
            LocalTarget.at(folder.resolve("repository")), TestRepositories.PASSWORDS, options)) {
      String url = System.getenv("CANARY_URL");
      PostgresServer server = PostgresServer.at(url);
      PostgresLogicalSource source = PostgresLogicalSource.of("orders", server).tools(tools);
      run(repository, source);
      run(repository, source.rolePasswords());
      run(repository, source.dataOnly());
      for (UnaryOperator<PostgresServer> each : mistakes(System.getenv("CANARY_WRONG"))) {
        run(repository, PostgresLogicalSource.of("orders", each.apply(server)).tools(tools));
      }
      String elsewhere = url.replaceFirst(":[0-9]+/postgres", ":1/nowhere");
      run(repository, PostgresLogicalSource.of("orders", PostgresServer.at(elsewhere)));
    }
  }

  private static Iterable<UnaryOperator<PostgresServer>> mistakes(String wrong) {
    return List.of(
        server -> server.password(wrong::toCharArray),
        server -> server.property("sslmode", wrong),
        server -> server.property("options", "-c " + wrong),
        server -> server.property("socketFactory", wrong),
        server -> server.property("PGDBNAME", "nowhere"));
  }

  private static void run(BackupRepository repository, PostgresLogicalSource source) {
    try {
      tell(source);
      BackupReport report = repository.backup(source);
      tell(report);
      tell(report.findings());
      Snapshot snapshot = report.snapshot();
      try (SnapshotReader reader = repository.open(snapshot)) {
        tell(reader.manifest());
      }
    } catch (Exception e) {
      System.out.println("FAILED");
      e.printStackTrace(System.out);
    }
  }

  private static void tell(Object any) {
    System.out.println("TOLD " + any);
  }
}
