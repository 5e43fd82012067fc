package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.cluster.PartitionMetadata;
import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import dev.copperplate.backup.kafka.layout.TopicNames;
import java.io.IOException;
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
final class TopicRoutes {

  private final SnapshotReader snapshot;
  private final StoredTopics stored;
  private final ReplayChoices choices;
  private final Consumer<Finding> report;

  TopicRoutes(SnapshotReader snapshot, ReplayChoices choices, Consumer<Finding> report) {
    this.snapshot = snapshot;
    this.stored = new StoredTopics(snapshot);
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
    for (String name : stored.names()) {
      TopicMetadata topic = stored.topic(name);
      names.add(name);
      if (choices.topics().includes(name, topic.internal())) {
        selected.add(topic);
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
      Optional<StoredPartition> held = partition(source);
      if (held.isPresent()) {
        routes.add(new Route(source, held.get(), new TopicPartition(destination, number)));
      }
    }
    return new TopicRoute(topic, destination, count, routes);
  }

  private Optional<StoredPartition> partition(TopicPartition name) throws IOException {
    Optional<StoredPartition> found = stored.find(name.topic(), name.partition());
    if (found.isEmpty()) {
      report.accept(
          Finding.warning(
              name.toString(),
              "The snapshot does not hold this partition: it stays empty",
              "Use another snapshot"));
    }
    return found;
  }

  private static BackupException invalid(String message) {
    return new BackupException(Kind.INVALID, message);
  }
}
