package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.transport.HistoryChangedException.Change;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** What the cluster says about topics: their ids, leaders and bounds. Leaders are remembered. */
final class Topics implements Closeable {

  /** As the id of a topic: whatever id it has. */
  static final Uuid ANY = Uuid.ZERO_UUID;

  private static final long LONGEST_CALL_MILLIS = 10_000;

  /** Brokers learn of topics at different times: in 750 ms all should have. */
  private static final int LOOKS = 5;

  private final Map<String, Object> properties;
  private final Map<TopicPartition, Endpoint> leaders = new HashMap<>();
  private @Nullable Admin admin;

  Topics(Map<String, Object> properties) {
    this.properties = properties;
  }

  /** The offsets that a partition has, from the first one up to behind the last one. */
  record Bounds(long start, long end) {}

  /** Where the leader of a partition is, as far as is known. */
  Endpoint leader(TopicIdPartition partition, Patience patience)
      throws IOException, InterruptedException {
    Endpoint known;
    while ((known = known(partition)) == null) {
      look(partition, patience);
      if (known(partition) == null) {
        patience.pause(partition.topicPartition() + " has no leader", null);
      }
    }
    return known;
  }

  /** Where the leader was when it was looked for last; null if it is to be looked for. */
  @Nullable Endpoint known(TopicIdPartition partition) {
    return leaders.get(partition.topicPartition());
  }

  /** The next one who asks for the leader asks the cluster. */
  void forget(TopicIdPartition partition) {
    leaders.remove(partition.topicPartition());
  }

  /**
   * Looks at a topic anew.
   *
   * @throws HistoryChangedException if it is gone or another one
   */
  void look(TopicIdPartition partition, Patience patience)
      throws IOException, InterruptedException {
    String topic = partition.topic();
    TopicDescription found = describe(topic, patience);
    for (int i = 1; i < LOOKS && !isSame(found, partition); i++) {
      patience.pause("topic " + topic + " is not found as it was", null);
      found = describe(topic, patience);
    }
    if (found == null) {
      throw new HistoryChangedException(Change.DELETED, "There is no topic " + topic + " any more");
    }
    if (!isSame(found, partition)) {
      throw new HistoryChangedException(
          Change.RECREATED,
          "The topic "
              + topic
              + " is another one: "
              + found.topicId()
              + ", not "
              + partition.topicId());
    }
    learn(topic, found.partitions());
    if (partition.partition() >= found.partitions().size()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "Topic "
              + topic
              + " has "
              + found.partitions().size()
              + " partitions, none with number "
              + partition.partition());
    }
  }

  private static boolean isSame(@Nullable TopicDescription found, TopicIdPartition partition) {
    return found != null
        && (partition.topicId().equals(ANY) || partition.topicId().equals(found.topicId()));
  }

  /** Remembers the leaders of a topic. */
  void learn(String topic, List<TopicPartitionInfo> partitions) {
    for (TopicPartitionInfo each : partitions) {
      Node leader = each.leader();
      TopicPartition partition = new TopicPartition(topic, each.partition());
      if (leader == null || leader.isEmpty()) {
        leaders.remove(partition);
      } else {
        leaders.put(partition, new Endpoint(leader.host(), leader.port()));
      }
    }
  }

  private @Nullable TopicDescription describe(String topic, Patience patience)
      throws IOException, InterruptedException {
    Map<String, TopicDescription> found =
        ask(topic, patience, to -> to.describeTopics(List.of(topic)).allTopicNames());
    return found == null ? null : found.get(topic);
  }

  /** Null if there is no such topic or partition. */
  @Nullable Bounds bounds(TopicIdPartition partition, Patience patience)
      throws IOException, InterruptedException {
    Long start = offset(partition.topicPartition(), OffsetSpec.earliest(), patience);
    Long end = offset(partition.topicPartition(), OffsetSpec.latest(), patience);
    return start == null || end == null ? null : new Bounds(start, end);
  }

  private @Nullable Long offset(TopicPartition partition, OffsetSpec which, Patience patience)
      throws IOException, InterruptedException {
    var found =
        ask(
            partition.topic(),
            patience,
            to -> to.listOffsets(Map.of(partition, which)).partitionResult(partition));
    return found == null ? null : found.offset();
  }

  /** A broker that runs. */
  Endpoint any(Patience patience) throws IOException, InterruptedException {
    for (; ; ) {
      Collection<Node> nodes = ask("", patience, to -> to.describeCluster().nodes());
      if (nodes != null && !nodes.isEmpty()) {
        Node first = nodes.iterator().next();
        return new Endpoint(first.host(), first.port());
      }
      patience.pause("the cluster names no broker", null);
    }
  }

  /** Null if there is no such topic. */
  private <T> @Nullable T ask(
      String topic, Patience patience, Function<Admin, KafkaFuture<T>> question)
      throws IOException, InterruptedException {
    for (; ; ) {
      patience.awaiting("the cluster to answer a client for administration");
      try {
        T answer =
            patience.await(
                question.apply(admin()).toCompletionStage().toCompletableFuture(),
                LONGEST_CALL_MILLIS);
        if (answer != null) {
          patience.awaiting(null);
          return answer;
        }
        patience.leftMillis();
      } catch (ExecutionException failed) {
        patience.awaiting(null);
        Throwable cause = Objects.requireNonNull(failed.getCause());
        if (cause instanceof UnknownTopicOrPartitionException) {
          return null;
        }
        denied(topic, cause, patience);
        patience.pause("the cluster answers " + cause.getClass().getSimpleName(), cause);
      }
    }
  }

  private static void denied(String topic, Throwable cause, Patience patience)
      throws BackupException {
    if (cause instanceof AuthorizationException) {
      throw new BackupException(
          Kind.DENIED,
          patience.doing()
              + " is not permitted: this client lacks Describe on "
              + (topic.isEmpty() ? "the cluster" : "topic " + topic)
              + ", which Read and Write include",
          cause);
    }
    if (cause instanceof AuthenticationException) {
      throw new BackupException(
          Kind.DENIED,
          patience.doing() + " failed: a broker or this client refused the login or certificate",
          cause);
    }
  }

  private Admin admin() throws BackupException {
    Admin current = admin;
    if (current == null) {
      try {
        current = Admin.create(properties);
      } catch (KafkaException unusable) {
        throw new BackupException(
            Kind.INVALID, "No client can be made with these properties", unusable);
      }
      admin = current;
    }
    return current;
  }

  @Override
  public void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}
