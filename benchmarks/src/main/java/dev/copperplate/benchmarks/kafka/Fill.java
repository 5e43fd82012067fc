package dev.copperplate.benchmarks.kafka;

import dev.copperplate.benchmarks.CommandLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Makes a topic and fills it with records. */
public final class Fill {

  private static final String BOOTSTRAP = "--bootstrap";
  private static final String TOPIC = "--topic";
  private static final String RECORDS = "--records";
  private static final String USAGE =
      "Fill " + BOOTSTRAP + " SERVER " + TOPIC + " plain|zstd " + RECORDS + " N";
  private static final long FIRST_MILLIS = 1_700_000_000_000L;

  private Fill() {}

  public static void main(String[] arguments)
      throws IOException, ExecutionException, InterruptedException, TimeoutException {
    CommandLine line = new CommandLine(USAGE, List.of(BOOTSTRAP, TOPIC, RECORDS), arguments);
    Cluster cluster = new Cluster(line.optional(BOOTSTRAP).orElseThrow());
    String topic = line.optional(TOPIC).orElseThrow();
    int records = line.count(RECORDS, 1);
    cluster.create(topic);
    OrderEvents events = new OrderEvents();
    try (ProducerWriter writer = new ProducerWriter(cluster, topic)) {
      for (int i = 0; i < records; i++) {
        byte[] key = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
        writer.write(i % Cluster.PARTITIONS, FIRST_MILLIS + i, key, events.next(i));
      }
    }
  }
}
