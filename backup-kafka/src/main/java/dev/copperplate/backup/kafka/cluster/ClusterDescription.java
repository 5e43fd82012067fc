package dev.copperplate.backup.kafka.cluster;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a cluster is, and what of it is not in the snapshot.
 *
 * @param clusterId its identity
 * @param controller the number of the broker that clients are told as controller; -1 if none
 * @param kafkaVersion the line of releases of the broker that answered, such as {@code 4.1}; empty
 *     where it cannot be told
 * @param metadataVersion the finalized level of {@code metadata.version}; 0 if there is none
 * @param finalized levels of features in use
 * @param supported levels of features that the broker that answered knows
 */
public record ClusterDescription(
    String clusterId,
    int controller,
    String kafkaVersion,
    int metadataVersion,
    List<Broker> brokers,
    Map<String, Levels> finalized,
    Map<String, Levels> supported,
    List<Gap> gaps) {

  public ClusterDescription {
    brokers = brokers.stream().sorted(Comparator.comparingInt(Broker::id)).toList();
    finalized = sorted(finalized);
    supported = sorted(supported);
    gaps = List.copyOf(gaps);
  }

  private static SortedMap<String, Levels> sorted(Map<String, Levels> levels) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(levels));
  }

  Line line() {
    return new Line()
        .with("clusterId", clusterId)
        .with("controller", controller)
        .with("kafkaVersion", kafkaVersion)
        .with("metadataVersion", metadataVersion)
        .with("brokers", brokers.stream().map(Broker::line).toList())
        .with("finalizedFeatures", lines(finalized))
        .with("supportedFeatures", lines(supported))
        .with("gaps", gaps.stream().map(Gap::line).toList());
  }

  private static Map<String, Line> lines(Map<String, Levels> levels) {
    return levels.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().line()));
  }

  static ClusterDescription of(Line line) {
    return new ClusterDescription(
        line.text("clusterId"),
        line.integer("controller"),
        line.text("kafkaVersion"),
        line.integer("metadataVersion"),
        all(line.lines("brokers"), Broker::of),
        levels(line.line("finalizedFeatures")),
        levels(line.line("supportedFeatures")),
        all(line.lines("gaps"), Gap::of));
  }

  private static <T> List<T> all(List<Line> lines, Function<Line, T> reading) {
    return lines.stream().map(reading).toList();
  }

  private static Map<String, Levels> levels(Line line) {
    SortedMap<String, Levels> levels = new TreeMap<>();
    for (String each : line.names()) {
      levels.put(each, Levels.of(line.line(each)));
    }
    return levels;
  }
}
