package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Topics of two replicas whose leaders changed come back onto two stopped brokers, under other
 * names, and are compared with what they were as stock consumers see it.
 */
class KafkaSegmentsRestorerTest {

  private static final String AGAIN = ".again";
  private static final List<String> NAMES = List.of("mixed", "large", "cut", "compacted", "open");

  @TempDir static Path directory;
  private static TestCluster kafka;
  private static BackupRepository repository;
  private static Snapshot snapshot;

  private static final Map<TopicPartition, Long> ends = new HashMap<>();

  @BeforeAll
  static void restore() throws Exception {
    kafka = TestCluster.start(directory, 2, Map.of("log.initial.task.delay.ms", "100"));
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    for (String each : NAMES) {
      Map<String, String> settings =
          each.equals("compacted")
              ? Map.of(
                  "cleanup.policy", "compact",
                  "min.cleanable.dirty.ratio", "0.001",
                  "segment.ms", "100")
              : Map.of("max.message.bytes", "2000000", "retention.ms", "-1");
      create(each, settings);
      create(
          each + AGAIN, each.equals("compacted") ? Map.of("cleanup.policy", "compact") : settings);
    }
    new MixedTopic(kafka, "mixed").fill();
    kafka.write("open", 0, 3);
    elect();
    assertTrue(epoch(new TopicPartition("mixed", 0)) > 1);
    new MixedTopic(kafka, "mixed").fill();
    large();
    backup();
    large();
    cut();
    compact();
    try (KafkaProducer<byte[], byte[]> ended = kafka.producer(Map.of("transactional.id", "ended"));
        KafkaProducer<byte[], byte[]> open = kafka.producer(Map.of("transactional.id", "open"))) {
      ended.initTransactions();
      open.initTransactions();
      ended.beginTransaction();
      open.beginTransaction();
      ended.send(new ProducerRecord<>("open", 0, null, TestCluster.bytes("committed"))).get();
      open.send(new ProducerRecord<>("open", 0, null, TestCluster.bytes("undecided"))).get();
      ended.commitTransaction();
      kafka.awaitMarker(new TopicPartition("open", 0), 3);
      BackupReport report = backup();
      assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report.findings()::toString);
      snapshot = report.snapshot();
      open.commitTransaction();
    }
    for (String each : NAMES) {
      TopicPartition partition = new TopicPartition(each, 0);
      ends.put(partition, each.equals("open") ? 4 : kafka.end(partition));
    }
    BackupException running =
        assertThrows(BackupException.class, () -> repository.restore(snapshot, again(1)));
    assertEquals(Kind.CONFLICT, running.kind());
    assertTrue(running.getMessage().contains("Stop all brokers"), running::getMessage);

    kafka.brokers().stop();
    for (int broker : List.of(1, 2)) {
      var report = repository.restore(snapshot, again(broker));
      assertTrue(report.complete(), report.findings()::toString);
      assertEquals("5", report.facts().get("partitions"));
    }
    // As after a crash: then this broker does not trust what it finds.
    Files.delete(kafka.brokers().broker(2).logDirectory().resolve(".kafka_cleanshutdown"));
    kafka.brokers().start();
    for (String each : NAMES) {
      inSync(again(new TopicPartition(each, 0)));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    repository.close();
    kafka.close();
  }

  @Test
  void readersSeeTheSameRecordsAtTheSameOffsets() throws Exception {
    for (String each : NAMES) {
      for (boolean committed : List.of(true, false)) {
        TopicPartition source = new TopicPartition(each, 0);
        List<String> before = seen(source, committed);
        before.removeIf(record -> Long.parseLong(record.split(" ")[0]) >= ends.get(source));
        assertFalse(before.isEmpty());
        List<String> after = seen(again(source), committed);
        after.removeIf(record -> Long.parseLong(record.split(" ")[0]) >= ends.get(source));
        assertEquals(String.join("\n", before), String.join("\n", after), each);
      }
    }
  }

  @Test
  void logsStartWhereTheyStarted() throws Exception {
    for (String each : NAMES) {
      TopicPartition source = new TopicPartition(each, 0);
      assertEquals(
          offset(source, OffsetSpec.earliest()), offset(again(source), OffsetSpec.earliest()));
    }
    assertEquals(15, offset(again(new TopicPartition("cut", 0)), OffsetSpec.earliest()));
  }

  @Test
  void timesAreFound() throws Exception {
    TopicPartition mixed = new TopicPartition("mixed", 0);
    for (long day = 0; day < 1600; day += 100) {
      OffsetSpec time = OffsetSpec.forTimestamp(1_500_000_000_000L + day * 24 * 3_600_000);
      assertEquals(offset(mixed, time), offset(again(mixed), time));
    }
  }

  @Test
  void whatIsWrittenNextFollowsAndReachesBothReplicas() throws Exception {
    for (String each : List.of("mixed", "large", "cut", "open")) {
      TopicPartition partition = again(new TopicPartition(each, 0));
      long end = kafka.end(partition);
      assertTrue(end >= ends.get(new TopicPartition(each, 0)), each);
      kafka.write(partition.topic(), 0, 20);
      inSync(partition);
      assertEquals(end + 20, kafka.end(partition));
      assertEquals(20, kafka.consume(partition, end, true).size());
      assertArrayEquals(kafka.segments(1, partition), kafka.segments(2, partition), each);
      follower(partition, 1);
      kafka.write(partition.topic(), 20, 30);
      follower(partition, 2);
      assertEquals(30, kafka.consume(partition, end, true).size());
      assertArrayEquals(kafka.segments(1, partition), kafka.segments(2, partition), each);
    }
    assertEquals(5, kafka.consume(again(new TopicPartition("open", 0)), 0, true).get(4).offset());
  }

  @Test
  void stockToolsFindAllBatchesValid() throws Exception {
    for (String each : NAMES) {
      Path place = kafka.brokers().broker(2).logDirectory().resolve(each + AGAIN + "-0");
      try (Stream<Path> files = Files.list(place)) {
        for (Path file : files.filter(name -> name.toString().endsWith(".log")).toList()) {
          String dump = StockDump.of(file);
          assertFalse(dump.contains("isvalid: false"), dump);
        }
      }
    }
  }

  // ---- what is there before

  private static void create(String topic, Map<String, String> settings) throws Exception {
    NewTopic made = new NewTopic(topic, Map.of(0, List.of(2, 1))).configs(settings);
    TestCluster.done(kafka.admin().createTopics(List.of(made)).all());
  }

  /** Leaders change, so that epochs differ within each partition. */
  private static void elect() throws Exception {
    for (int i = 0; i < 2; i++) {
      kafka.brokers().broker(2).stop();
      kafka.write("mixed", 0, 5);
      kafka.write("large", 0, 5);
      kafka.write("cut", 0, 10);
      kafka.brokers().broker(2).start();
      for (String each : NAMES) {
        inSync(new TopicPartition(each, 0));
      }
      Set<TopicPartition> all =
          Set.of(new TopicPartition("mixed", 0), new TopicPartition("cut", 0));
      TestCluster.done(kafka.admin().electLeaders(ElectionType.PREFERRED, all).all());
    }
  }

  private static void large() throws Exception {
    byte[] noise = new byte[900_000];
    new Random(1).nextBytes(noise);
    try (KafkaProducer<byte[], byte[]> producer =
        kafka.producer(Map.of("max.request.size", 2_000_000))) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        sent.add(producer.send(new ProducerRecord<>("large", 0, null, noise)));
      }
      TestCluster.settled(sent);
    }
  }

  private static void cut() throws Exception {
    TestCluster.done(
        kafka
            .admin()
            .deleteRecords(Map.of(new TopicPartition("cut", 0), RecordsToDelete.beforeOffset(15)))
            .all());
  }

  private static void compact() throws Exception {
    TopicPartition partition = new TopicPartition("compacted", 0);
    kafka.write("compacted", 0, 200);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    do {
      // The segment that is written to is not compacted.
      kafka.write("compacted", 0, 1);
      assertTrue(System.nanoTime() < deadline, "Nothing was compacted");
    } while (kafka.consume(partition, 0, false).size() > 100);
  }

  private static BackupReport backup() throws Exception {
    return repository.backup(
        KafkaTopicsSource.of(
            "shop", kafka.cluster(), TopicSelection.named(NAMES.toArray(new String[0]))));
  }

  private static KafkaSegmentsRestorer again(int broker) {
    return KafkaSegmentsRestorer.onto(kafka.brokers().broker(broker).logDirectory())
        .renamed(name -> name + AGAIN);
  }

  private static TopicPartition again(TopicPartition source) {
    return new TopicPartition(source.topic() + AGAIN, source.partition());
  }

  // ---- what is seen afterwards

  private static List<String> seen(TopicPartition partition, boolean committed) throws Exception {
    List<String> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> each :
        kafka.consume(partition, offset(partition, OffsetSpec.earliest()), committed)) {
      List<String> headers = new ArrayList<>();
      each.headers().forEach(h -> headers.add(h.key() + "=" + Arrays.toString(h.value())));
      all.add(
          each.offset()
              + " "
              + each.timestampType()
              + each.timestamp()
              + " "
              + Arrays.toString(each.key())
              + Arrays.hashCode(each.value())
              + headers);
    }
    return all;
  }

  private static long offset(TopicPartition partition, OffsetSpec which) throws Exception {
    return TestCluster.done(
            kafka.admin().listOffsets(Map.of(partition, which)).partitionResult(partition))
        .offset();
  }

  private static int epoch(TopicPartition partition) throws Exception {
    return TestCluster.done(
            kafka
                .admin()
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition))
        .leaderEpoch()
        .orElse(-1);
  }

  private static TopicPartitionInfo described(TopicPartition partition) throws Exception {
    TopicDescription topic =
        TestCluster.done(kafka.admin().describeTopics(List.of(partition.topic())).allTopicNames())
            .get(partition.topic());
    return topic.partitions().get(partition.partition());
  }

  /** Waits until both replicas have all. */
  private static void inSync(TopicPartition partition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (described(partition).isr().size() < 2) {
      assertTrue(System.nanoTime() < deadline, () -> partition + " is at one broker only");
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Lets the other broker lead. */
  private static void follower(TopicPartition partition, int leader) throws Exception {
    List<Integer> order = leader == 1 ? List.of(1, 2) : List.of(2, 1);
    TestCluster.done(
        kafka
            .admin()
            .alterPartitionReassignments(
                Map.of(partition, Optional.of(new NewPartitionReassignment(order))))
            .all());
    if (leader(partition) != leader) {
      TestCluster.done(kafka.admin().electLeaders(ElectionType.PREFERRED, Set.of(partition)).all());
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (leader(partition) != leader) {
      assertTrue(System.nanoTime() < deadline, () -> partition + " has another leader");
      TimeUnit.MILLISECONDS.sleep(50);
    }
    inSync(partition);
  }

  private static int leader(TopicPartition partition) throws Exception {
    Node leader = described(partition).leader();
    return leader == null ? -1 : leader.id();
  }
}
