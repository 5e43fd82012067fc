package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.KafkaCluster;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/**
 * Speaks Kafka's protocol itself, over the network of kafka-clients: batches come as they lie in
 * the broker's segments. Brokers from 3.1 on.
 *
 * <p>Reading needs {@code Read} on the topic.
 */
public final class RawTransport implements BatchTransport {

  private final TransportOptions options;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final Connections connections;
  private final Topics topics;
  private boolean closed;

  private RawTransport(KafkaCluster cluster, TransportOptions options) {
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
    } catch (KafkaException unusable) {
      throw new BackupException(
          Kind.INVALID, "No client can be made with the properties of " + cluster, unusable);
    }
  }

  @Override
  public String name() {
    return "raw";
  }

  @Override
  public BatchStream read(TopicIdPartition partition, long from, long to, int epoch) {
    return new RawStream(this, partition, from, to, epoch);
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

  Patience patience(String doing, TopicPartition partition, long offset) {
    return new Patience(
        doing + " " + partition + " at offset " + offset, options.patience(), closing);
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
