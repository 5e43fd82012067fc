package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.kafka.scratch.ScratchCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Topics of a broker in this process, backed up, read and replayed by the samples. */
@Timeout(180)
class TopicsTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir static Path brokers;
  private static ScratchCluster kafka;

  @TempDir Path directory;
  private Place place;
  private Path properties;

  @BeforeAll
  static void start() throws Exception {
    kafka = ScratchCluster.start(brokers, 1, Map.of());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
      NewTopic topic = new NewTopic("orders", 1, (short) 1);
      topic.configs(Map.of("retention.ms", "-1")); // its records are older than a week
      admin.createTopics(List.of(topic)).all().get(60, TimeUnit.SECONDS);
    }
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrap()),
            new StringSerializer(),
            new StringSerializer())) {
      for (int hour = 0; hour < 5; hour++) {
        ProducerRecord<String, String> order =
            new ProducerRecord<>(
                "orders",
                0,
                NOON.plus(Duration.ofHours(hour)).toEpochMilli(),
                "customer " + hour % 2,
                "order " + hour);
        order.headers().add("trace", Integer.toString(hour).getBytes(StandardCharsets.UTF_8));
        producer.send(order).get(60, TimeUnit.SECONDS);
      }
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @BeforeEach
  void makePlace() throws Exception {
    place = Place.in(directory);
    properties = directory.resolve("client.properties");
    Files.writeString(properties, "bootstrap.servers=" + kafka.bootstrap() + "\n");
  }

  @Test
  void recordsAreReadFromABackup() throws Exception {
    Object snapshot = backup();
    Invocation read =
        place
            .run(
                ReadTopic.PROGRAM,
                "--snapshot=" + snapshot,
                "--topic=orders",
                "--key=customer 1",
                "--from=2026-01-31T14:00:00Z")
            .ending(ExitCode.SUCCESS);
    long time = NOON.plus(Duration.ofHours(3)).toEpochMilli();
    assertEquals(
        "{\"partition\":0,\"offset\":3,\"timestamp\":"
            + time
            + ",\"key\":\"customer 1\",\"value\":\"order 3\",\"headers\":[{\"trace\":\"3\"}]}",
        read.out().strip());
  }

  @Test
  void aTimeIsReplayedUnderAnotherName() throws Exception {
    Object[] arguments = {
      "--json",
      "--snapshot=" + backup(),
      "--properties=" + properties,
      "--journal=" + directory.resolve("journal"),
      "--topic=orders",
      "--prefix=replayed.",
      "--from=2026-01-31T13:00:00Z",
      "--to=2026-01-31T15:00:00Z"
    };
    Map<String, Object> done =
        place.run(ReplayTopics.PROGRAM, arguments).ending(ExitCode.SUCCESS).json();
    assertEquals("2", done.get("records"));
    assertEquals(List.of("order 1", "order 2"), values("replayed.orders"));
  }

  @Test
  void aClusterThatIsNotReadyIsNotBackedUp() throws Exception {
    Invocation refused =
        place
            .run(
                BackupTopics.PROGRAM,
                "--name=shop",
                "--properties=" + properties,
                "--topic=nowhere.*")
            .ending(ExitCode.FAILURE);
    assertTrue(refused.err().contains("shows none of topics like nowhere.*"), refused.err());
    assertTrue(refused.out().contains("Nothing was backed up"), refused.out());
  }

  private Object backup() throws Exception {
    Map<String, Object> done =
        place
            .run(
                BackupTopics.PROGRAM,
                "--json",
                "--name=shop",
                "--properties=" + properties,
                "--topic=ord*",
                "--every=1h")
            .ending(ExitCode.SUCCESS)
            .json();
    assertEquals("5", done.get("records"));
    assertEquals("raw", done.get("transport"));
    return done.get("snapshot");
  }

  private static List<String> values(String topic) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrap()),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(Set.of(partition));
      consumer.seekToBeginning(Set.of(partition));
      long end = consumer.endOffsets(Set.of(partition)).get(partition);
      for (int i = 0; i < 600 && consumer.position(partition) < end; i++) {
        for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
          values.add(each.value());
        }
      }
    }
    return values;
  }
}
