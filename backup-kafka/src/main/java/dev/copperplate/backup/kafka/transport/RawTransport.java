package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.cluster.Clients;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/**
 * Speaks Kafka's protocol itself, over the network of kafka-clients: batches come as they lie in
 * the broker's segments. Brokers from 3.1 on.
 *
 * <p>Reading needs {@code Read} on the topic, writing {@code Write}.
 */
public final class RawTransport implements BatchTransport, BatchSink {

  private final KafkaCluster cluster;
  private final TransportOptions options;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final Connections connections;
  private final Topics topics;
  private boolean closed;

  private RawTransport(KafkaCluster cluster, TransportOptions options) {
    this.cluster = cluster;
    this.options = options;
    this.topics = new Topics(cluster.properties());
    this.connections = new Connections(cluster.properties());
  }

  /**
   * Connects to nothing yet.
   *
   * @throws BackupException {@code INVALID} if no client can be made with these properties
   */
  public static RawTransport of(KafkaCluster cluster, TransportOptions options)
      throws BackupException {
    try {
      return new RawTransport(cluster, options);
    } catch (KafkaException | IllegalArgumentException unusable) {
      throw Clients.unusable(cluster.toString(), unusable);
    }
  }

  @Override
  public String name() {
    return "raw";
  }

  @Override
  public Optional<String> reason() {
    return Optional.empty();
  }

  /**
   * Connects to a broker and asks what it speaks.
   *
   * @throws BackupException {@code UNSUPPORTED} if it is too old; {@code UNAVAILABLE} if none
   *     answers
   */
  synchronized void probe() throws IOException, InterruptedException {
    Patience patience = patience("Connecting to " + cluster);
    for (int i = 0; ; i++) {
      List<Endpoint> brokers = connections.bootstrap();
      try {
        connections.probe(brokers.get(i % brokers.size()), patience);
        return;
      } catch (ConnectionLostException lost) {
        patience.pause(String.valueOf(lost.getMessage()), lost);
      }
    }
  }

  @Override
  public BatchStream read(TopicIdPartition partition, long from, long to, int epoch) {
    return new RawStream(this, partition, from, to, epoch);
  }

  @Override
  public synchronized long produce(TopicPartition partition, ByteBuffer batch)
      throws IOException, InterruptedException {
    return new RawSink(this).produce(partition, batch);
  }

  @Override
  public synchronized ProducerIdentity initProducerId() throws IOException, InterruptedException {
    return new RawSink(this).initProducerId();
  }

  TransportOptions options() {
    return options;
  }

  Connections connections() {
    return connections;
  }

  Topics topics() {
    return topics;
  }

  /**
   * The patience of one call.
   *
   * @param doing what it does, to which partition and offset
   */
  Patience patience(String doing) {
    return new Patience(doing, options.patience(), closing);
  }

  @Override
  public void close() {
    closing.complete(null);
    connections.wakeup();
    synchronized (this) {
      if (!closed) {
        closed = true;
        connections.close();
        topics.close();
      }
    }
  }
}
