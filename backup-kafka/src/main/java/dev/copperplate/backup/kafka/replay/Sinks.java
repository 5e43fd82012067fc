package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.transport.RawTransport;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Connections for each worker, made when they are first needed. Thread-safe. */
final class Sinks implements Closeable {

  private final KafkaCluster cluster;
  private final Deque<RawTransport> idle = new ArrayDeque<>();
  private final List<RawTransport> all = new ArrayList<>();
  private boolean closed;

  Sinks(KafkaCluster cluster) {
    this.cluster = cluster;
  }

  /** Some that nobody uses. */
  synchronized RawTransport take() throws IOException {
    if (!idle.isEmpty()) {
      return idle.pop();
    }
    RawTransport made = RawTransport.of(cluster, TransportOptions.DEFAULTS);
    all.add(made);
    return made;
  }

  /** Gives them back. */
  synchronized void give(RawTransport transport) {
    idle.push(transport);
  }

  /** Ends those that are in use, too. */
  @Override
  public void close() {
    List<RawTransport> made;
    synchronized (this) {
      made = closed ? List.of() : List.copyOf(all);
      closed = true;
    }
    made.forEach(RawTransport::close);
  }
}
