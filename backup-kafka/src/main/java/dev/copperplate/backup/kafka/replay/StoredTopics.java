package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.cluster.Document;
import dev.copperplate.backup.kafka.cluster.PartitionMetadata;
import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import dev.copperplate.backup.kafka.layout.Documents;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Finds what is stored of the wanted topics, and where it goes. */
final class StoredTopics {

  private final SnapshotReader snapshot;
  private final ReplayChoices choices;
  private final Consumer<Finding> report;

  StoredTopics(SnapshotReader snapshot, ReplayChoices choices, Consumer<Finding> report) {
    this.snapshot = snapshot;
    this.choices = choices;
    this.report = report;
  }

  /**
   * All routes.
   *
   * @throws BackupException {@code NOT_FOUND} without any; {@code INVALID} if two would meet
   */
  List<TopicRoute> routes() throws IOException {
    List<TopicRoute> routes = new ArrayList<>();
    Map<String, String> taken = new HashMap<>();
    for (TopicMetadata each : selected()) {
      TopicRoute route = route(each);
      String other = taken.put(route.destination(), each.name());
      if (other != null) {
        throw invalid(
            "Topics "
                + other
                + " and "
                + each.name()
                + " would both become "
                + route.destination());
      }
      routes.add(route);
    }
    return routes;
  }

  private List<TopicMetadata> selected() throws IOException {
    List<TopicMetadata> selected = new ArrayList<>();
    Set<String> names = new HashSet<>();
    if (snapshot.entry(TopicPaths.TOPICS).isPresent()) {
      try (Cursor<Entry> entries = snapshot.walk(TopicPaths.TOPICS, 1)) {
        for (Entry each = entries.next(); each != null; each = entries.next()) {
          if (each.type() == EntryType.DIRECTORY) {
            TopicMetadata topic = topic(each.path());
            names.add(topic.name());
            if (choices.topics().includes(topic.name(), topic.internal())) {
              selected.add(topic);
            }
          }
        }
      }
    }
    for (String each : choices.topics().missing(names)) {
      report.accept(
          Finding.warning(each, "The snapshot holds no such topic", "Look into its topics"));
    }
    if (selected.isEmpty()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "Snapshot " + snapshot.snapshot().run() + " holds none of " + choices.topics());
    }
    return selected;
  }

  private TopicMetadata topic(EntryPath directory) throws IOException {
    String name = TopicPaths.topicName(directory);
    List<TopicMetadata> told =
        Document.topic(TopicPaths.topicDocument(name)).read(snapshot).orElse(List.of());
    if (told.size() != 1 || !told.get(0).name().equals(name) || !TopicNames.isLegal(name)) {
      throw new BackupException(
          Kind.DAMAGED, directory + " in the snapshot is no topic: use another snapshot");
    }
    return told.get(0);
  }

  private TopicRoute route(TopicMetadata topic) throws IOException {
    String destination = choices.name(topic.name());
    if (!TopicNames.isLegal(destination)) {
      throw invalid("Topic " + topic.name() + " cannot be called '" + destination + "'");
    }
    List<Route> routes = new ArrayList<>();
    Map<Integer, Integer> taken = new HashMap<>();
    int count = 1;
    for (PartitionMetadata each : topic.partitions()) {
      TopicPartition source = new TopicPartition(topic.name(), each.partition());
      int number = choices.partition(source);
      Integer other = taken.put(number, each.partition());
      if (number < 0 || other != null) {
        throw invalid(
            source
                + " would become partition "
                + number
                + (other == null ? "" : ", as partition " + other + " does"));
      }
      count = Math.max(count, number + 1);
      Optional<StoredPartition> stored = partition(source);
      if (stored.isPresent()) {
        routes.add(new Route(source, stored.get(), new TopicPartition(destination, number)));
      }
    }
    return new TopicRoute(topic, destination, count, routes);
  }

  private Optional<StoredPartition> partition(TopicPartition name) throws IOException {
    EntryPath path = TopicPaths.partitionDocument(name.topic(), name.partition());
    Optional<Entry> document = snapshot.entry(path);
    if (document.isEmpty()) {
      report.accept(
          Finding.warning(
              name.toString(),
              "The snapshot does not hold this partition: it stays empty",
              "Use another snapshot"));
      return Optional.empty();
    }
    try (InputStream in = snapshot.open(document.get(), ByteRange.ALL)) {
      return Optional.of(Documents.readPartition(in, path.toString()));
    }
  }

  private static BackupException invalid(String message) {
    return new BackupException(Kind.INVALID, message);
  }
}
