package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.transport.BatchTransport;
import dev.copperplate.backup.kafka.transport.RawTransport;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A transport for each worker, made when it is first needed. Thread-safe. */
final class Transports implements Closeable {

  private final KafkaCluster cluster;
  private final Deque<BatchTransport> idle = new ArrayDeque<>();
  private final List<BatchTransport> all = new ArrayList<>();
  private boolean closed;

  Transports(KafkaCluster cluster) {
    this.cluster = cluster;
  }

  /** One that nobody uses. */
  synchronized BatchTransport take() throws IOException {
    if (!idle.isEmpty()) {
      return idle.pop();
    }
    BatchTransport made = RawTransport.of(cluster, TransportOptions.DEFAULTS);
    all.add(made);
    return made;
  }

  /** Gives it back. */
  synchronized void give(BatchTransport transport) {
    idle.push(transport);
  }

  /** Ends those that are in use, too. */
  @Override
  public void close() throws IOException {
    List<BatchTransport> made;
    synchronized (this) {
      made = closed ? List.of() : List.copyOf(all);
      closed = true;
    }
    for (BatchTransport each : made) {
      each.close();
    }
  }
}
