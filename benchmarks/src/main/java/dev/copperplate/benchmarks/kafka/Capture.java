package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.kafka.KafkaTopicsSource;
import dev.copperplate.backup.kafka.TopicSelection;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.benchmarks.CommandLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Reads a topic once: raw or by a consumer, into plain files or, with a password, into an encrypted
 * repository that it makes. Prints how many records or bytes there were.
 */
public final class Capture {

  private static final String BOOTSTRAP = "--bootstrap";
  private static final String TOPIC = "--topic";
  private static final String BY = "--by";
  private static final String DIRECTORY = "--directory";
  private static final String PASSWORD_FILE = "--password-file";
  private static final String USAGE =
      "Capture --bootstrap SERVER --topic plain|zstd --by raw|consumer --directory DIR"
          + " [--password-file FILE]";

  private final CommandLine line;
  private final Cluster cluster;
  private final String topic;

  private Capture(CommandLine line) {
    this.line = line;
    this.cluster = new Cluster(line.optional(BOOTSTRAP).orElseThrow());
    this.topic = line.optional(TOPIC).orElseThrow();
  }

  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    List<String> options = List.of(BOOTSTRAP, TOPIC, BY, DIRECTORY, PASSWORD_FILE);
    Capture capture = new Capture(new CommandLine(USAGE, options, arguments));
    boolean encrypted = capture.line.optional(PASSWORD_FILE).isPresent();
    System.out.println(encrypted ? capture.intoRepository() : capture.intoFiles());
  }

  private boolean isRaw() {
    return line.optional(BY).orElseThrow().equals("raw");
  }

  private TopicReader consumer() {
    return new ConsumerReader(cluster, Cluster.codec(topic));
  }

  private String intoFiles()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    TopicReader reader = isRaw() ? new RawReader(cluster) : consumer();
    return Long.toString(reader.read(cluster.ends(topic), new LogDirectory(line.path(DIRECTORY))));
  }

  private String intoRepository()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Path directory = line.path(DIRECTORY);
    try (BackupTarget target = LocalTarget.at(directory);
        BackupRepository repository =
            BackupRepository.create(
                target, Passwords.file(line.path(PASSWORD_FILE)), RepositoryOptions.DEFAULT)) {
      BackupReport report = repository.backup(source());
      if (report.snapshot().state() != SnapshotState.COMPLETE) {
        throw new IOException("The snapshot is not complete: " + report.findings());
      }
      return report.snapshot().bytes() + " stored " + report.bytesStored();
    }
  }

  private BackupSource source() throws InterruptedException, ExecutionException, TimeoutException {
    return isRaw()
        ? KafkaTopicsSource.of("bench", cluster.kafka(), TopicSelection.named(topic))
        : new ReaderSource(consumer(), topic, cluster.ends(topic));
  }
}
