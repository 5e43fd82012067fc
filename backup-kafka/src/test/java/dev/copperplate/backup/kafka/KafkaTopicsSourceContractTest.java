package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.testkit.BackupSourceContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** From one cluster into another one. */
class KafkaTopicsSourceContractTest extends BackupSourceContract {

  @TempDir static Path directory;
  private static TestCluster live;
  private static TestCluster scratch;
  private static int systems;

  private String prefix = "";
  private int journals;

  @BeforeAll
  static void start() throws IOException {
    live = TestCluster.start(directory.resolve("live"), 1, Map.of());
    scratch = TestCluster.start(directory.resolve("scratch"), 1, Map.of());
  }

  @AfterAll
  static void stop() {
    scratch.close();
    live.close();
  }

  /** Each test has topics of its own: brokers take their time to forget one. */
  @BeforeEach
  void makeSystem() throws Exception {
    prefix = "system" + ++systems + ".";
    live.createTopic(prefix + "mixed", 2, 1, Map.of("retention.ms", "-1"));
    new MixedTopic(live, prefix + "mixed").fill();
    live.createTopic(prefix + "empty", 3, 1, Map.of());
  }

  @Override
  protected BackupSource source() {
    return KafkaTopicsSource.of("shop", live.cluster(), TopicSelection.glob(prefix + "*"));
  }

  @Override
  protected void changeSystem() throws Exception {
    live.write(prefix + "mixed", 0, 20);
    live.createTopic(prefix + "added", 1, 1, Map.of());
    live.write(prefix + "added", 0, 5);
    TestCluster.done(live.admin().deleteTopics(List.of(prefix + "empty")).all());
  }

  @Override
  protected Restorer restorer() {
    return KafkaTopicsRestorer.to(
        scratch.cluster(), directory.resolve(prefix + "journal" + ++journals));
  }

  @Override
  protected boolean isScratchUntouched() throws Exception {
    return topics(scratch).isEmpty();
  }

  @Override
  protected void assertScratchEqualsSystem() throws Exception {
    assertEquals(contents(live), contents(scratch));
  }

  private Set<String> topics(TestCluster cluster) throws Exception {
    Set<String> names = TestCluster.done(cluster.admin().listTopics().names());
    names.removeIf(each -> !each.startsWith(prefix));
    return names;
  }

  private Map<String, List<String>> contents(TestCluster cluster) throws Exception {
    Map<String, List<String>> contents = new TreeMap<>();
    for (String topic : topics(cluster)) {
      int partitions =
          TestCluster.done(cluster.admin().describeTopics(List.of(topic)).allTopicNames())
              .get(topic)
              .partitions()
              .size();
      for (int each = 0; each < partitions; each++) {
        TopicPartition partition = new TopicPartition(topic, each);
        List<String> records = new ArrayList<>();
        cluster.consume(partition, 0, true).forEach(record -> records.add(text(record)));
        contents.put(partition.toString(), records);
      }
    }
    return contents;
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    return record.timestamp()
        + " "
        + text(record.key())
        + " "
        + text(record.value())
        + " "
        + record.headers();
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }
}
