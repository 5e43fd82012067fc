package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.KafkaTopicsSource;
import dev.copperplate.backup.kafka.TestCluster;
import dev.copperplate.backup.kafka.TopicSelection;
import dev.copperplate.backup.testkit.VerifierContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with a snapshot of a real broker. */
abstract class KafkaVerifierContract extends VerifierContract {

  @TempDir static Path directory;
  private static TestCluster kafka;

  @BeforeAll
  static void start() throws Exception {
    kafka = TestCluster.start(directory, 1, Map.of());
    kafka.createTopic("orders", 2, 1, Map.of());
    kafka.write("orders", 0, 50);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  static KafkaCluster cluster() {
    return kafka.cluster();
  }

  @Override
  protected BackupSource source() {
    return KafkaTopicsSource.of("shop", kafka.cluster(), TopicSelection.all());
  }
}
