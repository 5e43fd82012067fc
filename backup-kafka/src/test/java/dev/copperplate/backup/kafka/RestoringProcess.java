package dev.copperplate.backup.kafka;

import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A process that restores slowly, to be killed. It says {@code r} when it begins. */
public final class RestoringProcess {

  private RestoringProcess() {}

  /** Starts one; the caller ends it. */
  static Process start(TestCluster kafka, Path repository, Path journal) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-XX:TieredStopAtLevel=1",
            RestoringProcess.class.getName(),
            kafka.brokers().bootstrap(),
            repository.toString(),
            journal.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Bootstrap servers, repository, journal. */
  public static void main(String[] arguments) throws Exception {
    KafkaCluster cluster = KafkaCluster.of(Map.of("bootstrap.servers", arguments[0]));
    try (BackupRepository repository = TestRepositories.open(Path.of(arguments[1]))) {
      System.out.print('r');
      System.out.flush();
      repository.restore(
          repository.list(SnapshotFilter.ALL).get(0),
          KafkaTopicsRestorer.to(cluster, Path.of(arguments[2]))
              .renamed(name -> "killed")
              .bytesPerSecond(3_000));
    }
  }
}
