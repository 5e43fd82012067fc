package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.Task;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.cluster.Answers;
import dev.copperplate.backup.kafka.cluster.Clients;
import dev.copperplate.backup.kafka.cluster.ClusterCapture;
import dev.copperplate.backup.kafka.cluster.ClusterDescription;
import dev.copperplate.backup.kafka.cluster.Document;
import dev.copperplate.backup.kafka.cluster.Gaps;
import dev.copperplate.backup.kafka.cluster.PartitionMetadata;
import dev.copperplate.backup.kafka.cluster.Permission;
import dev.copperplate.backup.kafka.cluster.TopicDescriptions;
import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import dev.copperplate.backup.kafka.transport.BatchTransport;
import dev.copperplate.backup.kafka.transport.Pace;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import dev.copperplate.backup.kafka.transport.TransportPool;
import dev.copperplate.backup.kafka.transport.Transports;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/** One snapshot of topics on its way into a repository. */
public final class TopicsCapture {

  /** Brokers answer at once; a leader that is just being elected takes some seconds. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final SourceId source;
  private final KafkaCluster cluster;
  private final CaptureChoices choices;
  private final SnapshotWriter writer;
  private final CaptureContext context;
  private final Answers answers = new Answers(LIMIT);
  private final Gaps gaps;
  private long groups;

  public TopicsCapture(
      SourceId source,
      KafkaCluster cluster,
      CaptureChoices choices,
      SnapshotWriter writer,
      CaptureContext context) {
    this.source = source;
    this.cluster = cluster;
    this.choices = choices;
    this.writer = writer;
    this.context = context;
    this.gaps = new Gaps(cluster.bootstrap(), context::report);
  }

  /** Takes the snapshot, or leaves none. */
  public void run() throws IOException, InterruptedException {
    Admin admin = context.attach(Clients.admin(cluster));
    List<TopicMetadata> topics = topics(admin);
    ClusterDescription description = cluster(admin, topics);
    Map<TopicPartition, Bounds> bounds =
        new PartitionBounds(admin, answers, context).of(partitions(topics));
    admin.close();
    Map<String, List<StoredPartition>> stored = capture(topics, bounds);
    for (TopicMetadata each : topics) {
      Document.topic(TopicPaths.topicDocument(each.name())).write(writer, List.of(each));
    }
    StockFiles files = new StockFiles(writer);
    files.topics(topics);
    files.starts(stored);
    RestoreGuide.write(writer, description.clusterId(), context.run());
    facts(description, stored.values());
  }

  private List<TopicMetadata> topics(Admin admin) throws IOException, InterruptedException {
    Collection<TopicListing> all =
        answers.of(
            "Listing topics of " + cluster,
            admin
                .listTopics(answers.within(new ListTopicsOptions()).listInternal(true))
                .listings());
    Set<String> names = all.stream().map(TopicListing::name).collect(Collectors.toSet());
    for (String each : choices.topics().missing(names)) {
      context.report(
          Finding.warning(
              each,
              "There is no such topic, or it may not be seen",
              "Grant Describe on it, or leave it out"));
    }
    List<String> selected =
        all.stream()
            .filter(each -> choices.topics().includes(each.name(), each.isInternal()))
            .map(TopicListing::name)
            .toList();
    List<TopicMetadata> topics = new TopicDescriptions(admin, gaps, LIMIT).describe(selected);
    if (topics.isEmpty()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "Capture of "
              + source
              + ": "
              + cluster
              + " shows none of "
              + choices.topics()
              + ". Look at the selection, and whether Describe is granted");
    }
    return topics;
  }

  private ClusterDescription cluster(Admin admin, List<TopicMetadata> topics)
      throws IOException, InterruptedException {
    Set<String> names = topics.stream().map(TopicMetadata::name).collect(Collectors.toSet());
    try (StockFiles.GroupLines lines = new StockFiles(writer).groups(names)) {
      ClusterDescription description =
          new ClusterCapture(admin, gaps, LIMIT, group -> true)
              .run(
                  writer,
                  group -> {
                    groups++;
                    lines.add(group);
                  });
      lines.commit();
      return description;
    }
  }

  private static List<TopicPartition> partitions(List<TopicMetadata> topics) {
    List<TopicPartition> all = new ArrayList<>();
    for (TopicMetadata topic : topics) {
      for (PartitionMetadata each : topic.partitions()) {
        all.add(new TopicPartition(topic.name(), each.partition()));
      }
    }
    return all;
  }

  private Map<String, List<StoredPartition>> capture(
      List<TopicMetadata> topics, Map<TopicPartition, Bounds> bounds)
      throws IOException, InterruptedException {
    Map<String, List<Task<Optional<StoredPartition>>>> tasks = new TreeMap<>();
    PreviousTopics previous =
        new PreviousTopics(choices.isAnew() ? Optional.empty() : context.previous());
    Pace pace = new Pace(choices.bytesPerSecond(), System::nanoTime);
    try (TransportPool<BatchTransport> transports =
        context.attach(
            new TransportPool<>(
                () -> Transports.open(cluster, TransportOptions.DEFAULTS, new RecordBatches())))) {
      for (TopicMetadata topic : topics) {
        List<Task<Optional<StoredPartition>>> partitions = new ArrayList<>();
        for (PartitionMetadata each : topic.partitions()) {
          TopicPartition name = new TopicPartition(topic.name(), each.partition());
          Bounds known = bounds.get(name);
          if (known != null) {
            PartitionCapture capture =
                new PartitionCapture(
                    new TopicIdPartition(topic.id(), name),
                    known,
                    writer,
                    context,
                    previous,
                    choices.isKeepingAll());
            partitions.add(context.workers().submit(() -> with(transports, name, capture, pace)));
          }
        }
        tasks.put(topic.name(), partitions);
      }
      context.workers().join();
      transports.all().stream()
          .flatMap(each -> each.reason().stream())
          .findFirst()
          .ifPresent(
              why ->
                  context.report(
                      Finding.info(
                          cluster.toString(),
                          "Records were read, and batches made of them: " + why)));
    }
    return results(tasks);
  }

  /** Empty if the records may not be read. */
  private Optional<StoredPartition> with(
      TransportPool<BatchTransport> transports,
      TopicPartition name,
      PartitionCapture capture,
      Pace pace)
      throws IOException, InterruptedException {
    BatchTransport transport = transports.take();
    try {
      return Optional.of(capture.run(transport, pace));
    } catch (BackupException failure) {
      if (failure.kind() != Kind.DENIED) {
        throw failure;
      }
      Permission read = Permission.topic("Read", name.topic());
      context.report(
          Finding.warning(
              name.toString(),
              "Not captured: the user of this backup lacks " + read,
              read.command(cluster.bootstrap())));
      return Optional.empty();
    } finally {
      transports.give(transport);
    }
  }

  private static Map<String, List<StoredPartition>> results(
      Map<String, List<Task<Optional<StoredPartition>>>> tasks)
      throws IOException, InterruptedException {
    Map<String, List<StoredPartition>> stored = new TreeMap<>();
    for (Map.Entry<String, List<Task<Optional<StoredPartition>>>> topic : tasks.entrySet()) {
      List<StoredPartition> partitions = new ArrayList<>();
      for (Task<Optional<StoredPartition>> each : topic.getValue()) {
        each.get().ifPresent(partitions::add);
      }
      stored.put(topic.getKey(), partitions);
    }
    return stored;
  }

  private void facts(ClusterDescription description, Collection<List<StoredPartition>> topics) {
    writer.fact("kind", "topics");
    writer.fact("cluster-id", description.clusterId());
    writer.fact("topics", Integer.toString(topics.size()));
    writer.fact("partitions", sum(topics, each -> 1));
    writer.fact("records", sum(topics, StoredPartition::records));
    writer.fact("bytes", sum(topics, StoredPartition::bytes));
    writer.fact("groups", Long.toString(groups));
    writer.fact(
        "transport",
        topics.stream()
            .flatMap(List::stream)
            .map(StoredPartition::transport)
            .distinct()
            .sorted()
            .collect(Collectors.joining(" ")));
  }

  private static String sum(
      Collection<List<StoredPartition>> topics, ToLongFunction<StoredPartition> each) {
    return Long.toString(topics.stream().flatMap(List::stream).mapToLong(each).sum());
  }
}
