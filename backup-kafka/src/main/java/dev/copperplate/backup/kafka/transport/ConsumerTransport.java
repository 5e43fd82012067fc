package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.cluster.Clients;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads committed records with a consumer and has batches made of them: offsets, times, keys,
 * values and headers stay; producers, transactions, leader epochs, borders of batches and the
 * broker's own bytes are lost. Public classes of kafka-clients only.
 *
 * <p>Needs {@code Read} on the topic; no group.
 */
public final class ConsumerTransport implements BatchTransport {

  private final TransportOptions options;
  private final RecordBatcher batcher;
  private final String reason;
  private final String cluster;
  private final Map<String, Object> properties;
  private final Topics topics;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private @Nullable ConsumerStream turn;
  private boolean closed;

  /**
   * Connects to nothing yet.
   *
   * @param reason why batches are not read as they are
   */
  public ConsumerTransport(
      KafkaCluster cluster, TransportOptions options, RecordBatcher batcher, String reason) {
    this.options = options;
    this.batcher = batcher;
    this.reason = reason;
    this.cluster = cluster.toString();
    this.topics = new Topics(cluster.properties());
    this.properties = consuming(cluster.properties(), options);
  }

  private static Map<String, Object> consuming(
      Map<String, Object> cluster, TransportOptions options) {
    Map<String, Object> all = new HashMap<>(cluster);
    all.remove(CommonClientConfigs.GROUP_ID_CONFIG);
    all.remove(CommonClientConfigs.GROUP_INSTANCE_ID_CONFIG);
    all.remove(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);
    all.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, options.fetchBytes());
    all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, options.fetchBytes());
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.MAX_VALUE);
    return all;
  }

  @Override
  public String name() {
    return "consumer";
  }

  @Override
  public Optional<String> reason() {
    return Optional.of(reason);
  }

  @Override
  public BatchStream read(TopicIdPartition partition, long from, long to, int epoch) {
    return new ConsumerStream(this, partition, from, to, epoch);
  }

  RecordBatcher batcher() {
    return batcher;
  }

  Topics topics() {
    return topics;
  }

  Patience patience(String doing) {
    return new Patience(doing, options.patience(), closing);
  }

  KafkaConsumer<byte[], byte[]> consumer() throws BackupException {
    KafkaConsumer<byte[], byte[]> current = consumer;
    if (current == null) {
      try {
        current =
            new KafkaConsumer<>(
                properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      } catch (KafkaException | IllegalArgumentException unusable) {
        throw Clients.unusable(cluster, unusable);
      }
      consumer = current;
    }
    return current;
  }

  /** Streams share one consumer. Says whether the consumer stands elsewhere so far. */
  boolean takeTurn(ConsumerStream stream) {
    boolean another = turn != stream;
    turn = stream;
    return another;
  }

  void endTurn() {
    turn = null;
  }

  @Override
  public void close() {
    closing.complete(null);
    KafkaConsumer<byte[], byte[]> waiting = consumer;
    if (waiting != null) {
      waiting.wakeup();
    }
    synchronized (this) {
      if (!closed) {
        closed = true;
        closeClients();
      }
    }
  }

  @SuppressWarnings("deprecation") // what takes its place came with 4.1
  private void closeClients() {
    topics.close();
    KafkaConsumer<byte[], byte[]> last = consumer;
    if (last != null) {
      last.close(Duration.ofSeconds(1));
    }
  }
}
