package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.StoredBatches;
import dev.copperplate.benchmarks.CommandLine;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Writes {@code .log} files, as {@link Capture} makes them, into a new topic: batches by our
 * transport, or their records by an idempotent producer. Prints how many records there were.
 */
public final class Replay {

  private static final String BOOTSTRAP = "--bootstrap";
  private static final String TOPIC = "--topic";
  private static final String BY = "--by";
  private static final String DIRECTORY = "--directory";
  private static final String USAGE =
      "Replay --bootstrap SERVER --topic NEW --by raw|producer --directory DIR";

  private Replay() {}

  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    CommandLine line = new CommandLine(USAGE, List.of(BOOTSTRAP, TOPIC, BY, DIRECTORY), arguments);
    Cluster cluster = new Cluster(line.optional(BOOTSTRAP).orElseThrow());
    String topic = line.optional(TOPIC).orElseThrow();
    cluster.create(topic);
    boolean raw = line.optional(BY).orElseThrow().equals("raw");
    try (TopicWriter writer =
        raw ? new RawWriter(cluster, topic) : new ProducerWriter(cluster, topic)) {
      System.out.println(write(line.path(DIRECTORY), writer));
    }
  }

  private static long write(Path directory, TopicWriter writer)
      throws IOException, InterruptedException {
    long records = 0;
    for (int partition = 0; partition < Cluster.PARTITIONS; partition++) {
      for (Path file : files(directory.resolve(Integer.toString(partition)))) {
        records += write(file, partition, writer);
      }
    }
    return records;
  }

  private static List<Path> files(Path partition) throws IOException {
    try (Stream<Path> all = Files.list(partition)) {
      return all.sorted().toList();
    }
  }

  private static long write(Path file, int partition, TopicWriter writer)
      throws IOException, InterruptedException {
    long records = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 18)) {
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
