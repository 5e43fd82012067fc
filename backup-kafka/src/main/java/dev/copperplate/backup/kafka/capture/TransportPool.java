package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.transport.BatchTransport;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import dev.copperplate.backup.kafka.transport.Transports;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A transport for each worker, made when it is first needed. Thread-safe. */
final class TransportPool implements Closeable {

  private final KafkaCluster cluster;
  private final Deque<BatchTransport> idle = new ArrayDeque<>();
  private final List<BatchTransport> all = new ArrayList<>();
  private boolean closed;

  TransportPool(KafkaCluster cluster) {
    this.cluster = cluster;
  }

  /** One that nobody uses; to be given back. */
  BatchTransport take() throws IOException, InterruptedException {
    synchronized (this) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    BatchTransport made = Transports.open(cluster, TransportOptions.DEFAULTS, new RecordBatches());
    synchronized (this) {
      if (!closed) {
        all.add(made);
        return made;
      }
    }
    made.close();
    throw new InterruptedException("The capture has ended");
  }

  /** Gives it back. */
  synchronized void give(BatchTransport transport) {
    idle.push(transport);
  }

  /** Why batches do not come as the broker has them; empty if they do. */
  synchronized Optional<String> reason() {
    return all.stream().flatMap(each -> each.reason().stream()).findFirst();
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
