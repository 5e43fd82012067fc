package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.TopicSelection;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** The cluster and the topics that the options of a program name. */
final class KafkaAccess {

  private static final String PROPERTIES = "--properties";
  private static final String TOPIC = "--topic";

  static final Option PROPERTIES_OPTION =
      Option.required(PROPERTIES, "FILE", "client properties, as of Kafka's own programs");
  static final Option TOPICS_OPTION =
      Option.repeatable(TOPIC, "NAME", "it, or those like it, * for any; all unless told");

  private KafkaAccess() {}

  static KafkaCluster cluster(Arguments arguments) throws IOException, UsageException {
    Path file = arguments.requiredPath(PROPERTIES);
    if (!Files.isReadable(file)) {
      throw new BackupException(Kind.NOT_FOUND, "The properties in " + file + " cannot be read");
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return Arguments.checked(() -> KafkaCluster.of(properties));
  }

  static TopicSelection topics(Arguments arguments) {
    List<String> names = arguments.all(TOPIC);
    return names.stream()
        .map(KafkaAccess::topics)
        .reduce(TopicSelection::and)
        .orElse(TopicSelection.all());
  }

  private static TopicSelection topics(String name) {
    return name.contains("*") || name.contains("?")
        ? TopicSelection.glob(name)
        : TopicSelection.named(name);
  }
}
