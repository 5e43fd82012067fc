package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.KafkaTopicsRestorer;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.StoredBatches;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.benchmarks.CommandLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Brings the topic of the only snapshot of a repository back under another name: by
 * KafkaTopicsRestorer with all defaults, or record by record with an idempotent producer. Prints
 * how many records there were.
 */
public final class Restore {

  private static final String BOOTSTRAP = "--bootstrap";
  private static final String TOPIC = "--topic";
  private static final String NAME = "--as";
  private static final String BY = "--by";
  private static final String DIRECTORY = "--directory";
  private static final String PASSWORD_FILE = "--password-file";
  private static final String JOURNAL = "--journal";
  private static final String USAGE =
      "Restore --bootstrap SERVER --topic plain|zstd --as NAME --by raw|producer --directory DIR"
          + " --password-file FILE --journal DIR";

  private final CommandLine line;
  private final Cluster cluster;
  private final String topic;
  private final String name;

  private Restore(CommandLine line) {
    this.line = line;
    this.cluster = new Cluster(line.optional(BOOTSTRAP).orElseThrow());
    this.topic = line.optional(TOPIC).orElseThrow();
    this.name = line.optional(NAME).orElseThrow();
  }

  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    List<String> options = List.of(BOOTSTRAP, TOPIC, NAME, BY, DIRECTORY, PASSWORD_FILE, JOURNAL);
    System.out.println(new Restore(new CommandLine(USAGE, options, arguments)).run());
  }

  private String run()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Passwords passwords = Passwords.file(line.path(PASSWORD_FILE));
    try (BackupTarget target = LocalTarget.at(line.path(DIRECTORY));
        BackupRepository repository = BackupRepository.open(target, passwords)) {
      Snapshot snapshot = repository.list(SnapshotFilter.ALL).get(0);
      if (line.optional(BY).orElseThrow().equals("raw")) {
        return raw(repository, snapshot, line.path(JOURNAL));
      }
      cluster.create(name);
      try (SnapshotReader reader = repository.open(snapshot)) {
        return Long.toString(produced(reader));
      }
    }
  }

  private String raw(BackupRepository repository, Snapshot snapshot, Path journal)
      throws IOException, InterruptedException {
    KafkaTopicsRestorer restorer =
        KafkaTopicsRestorer.to(cluster.kafka(), journal).renamed(of -> name);
    return String.valueOf(repository.restore(snapshot, restorer).facts().get("records"));
  }

  private long produced(SnapshotReader snapshot) throws IOException {
    long records = 0;
    try (ProducerWriter writer = new ProducerWriter(cluster, name)) {
      for (int partition = 0; partition < Cluster.PARTITIONS; partition++) {
        try (Cursor<Entry> files = snapshot.walk(TopicPaths.partition(topic, partition), 1)) {
          for (Entry file = files.next(); file != null; file = files.next()) {
            records +=
                file.path().toString().endsWith(".log")
                    ? produced(snapshot, file, partition, writer)
                    : 0;
          }
        }
      }
    }
    return records;
  }

  private static long produced(
      SnapshotReader snapshot, Entry file, int partition, ProducerWriter writer)
      throws IOException {
    long records = 0;
    try (InputStream in = snapshot.open(file, ByteRange.ALL)) {
      StoredBatches batches = new StoredBatches(in);
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        batch.check();
        writer.write(partition, batch);
        records += batch.records();
      }
    }
    return records;
  }
}
