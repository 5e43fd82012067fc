package dev.copperplate.backup.kafka;

import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.nio.file.Path;
import java.util.Map;

/** The main class of a child that captures a topic, to be killed meanwhile. */
final class KilledCapture {

  private KilledCapture() {}

  /** Arguments: directory of the repository, bootstrap servers, topic. */
  public static void main(String[] arguments) throws Exception {
    try (BackupRepository repository = TestRepositories.open(Path.of(arguments[0]))) {
      System.out.println("opened");
      repository.backup(source(arguments[1], arguments[2]));
      System.out.println("stored");
    }
  }

  static KafkaTopicsSource source(String bootstrap, String topic) {
    return KafkaTopicsSource.of(
        "shop",
        KafkaCluster.of(Map.of("bootstrap.servers", bootstrap)),
        TopicSelection.named(topic));
  }
}
