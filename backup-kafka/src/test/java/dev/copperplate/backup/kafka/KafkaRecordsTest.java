package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a snapshot, beside what a stock consumer reads of the broker. */
class KafkaRecordsTest {

  private static final TopicPartition MIXED = new TopicPartition("mixed", 0);

  @TempDir static Path directory;
  private static TestCluster kafka;
  private static BackupRepository repository;
  private static SnapshotReader mixed;

  @BeforeAll
  static void start() throws Exception {
    kafka = TestCluster.start(directory, 1, Map.of());
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    kafka.createTopic("mixed", 2, 1, Map.of());
    new MixedTopic(kafka, "mixed").fill();
    kafka.createTopic("other", 1, 1, Map.of("message.timestamp.type", "LogAppendTime"));
    kafka.write("other", 0, 20);
    mixed = snapshot("mixed", "other");
  }

  @AfterAll
  static void stop() throws IOException {
    mixed.close();
    repository.close();
    kafka.close();
  }

  @Test
  void committedRecordsAreThoseOfAConsumerAndAllAreThoseOfOneThatReadsUncommitted()
      throws Exception {
    KafkaRecords records = KafkaRecords.of(mixed).topic("mixed");
    assertEquals(consumed(MIXED, true), read(records));
    assertEquals(consumed(MIXED, true), read(records.all().committed()));
    assertEquals(consumed(MIXED, false), read(records.all()));
    assertTrue(read(records.all()).size() > read(records).size());
  }

  @Test
  void withoutATopicAllAreReadInTheOrderOfTheirNames() throws Exception {
    List<KafkaRecord> all = new ArrayList<>(consumed(MIXED, true));
    all.addAll(consumed(new TopicPartition("other", 0), true));
    assertEquals(all, read(KafkaRecords.of(mixed)));
    assertEquals(List.of("mixed", "other"), KafkaRecords.of(mixed).topics());
  }

  @Test
  void offsetsTimesAndKeysAreChosenRecordByRecord() throws Exception {
    KafkaRecords records = KafkaRecords.of(mixed).topic("mixed").partition(0);
    assertEquals(
        consumed(each -> each.offset() >= 33 && each.offset() < 77), read(records.offsets(33, 77)));
    Instant from = Instant.ofEpochMilli(1_500_000_000_000L + 5 * 40L * 24 * 3_600_000);
    Instant to = from.plusSeconds(6 * 40L * 24 * 3600);
    List<KafkaRecord> then =
        consumed(
            each ->
                each.timestamp() >= from.toEpochMilli() && each.timestamp() < to.toEpochMilli());
    assertTrue(then.size() > 5);
    assertEquals(then, read(records.between(from, to)));
    assertEquals(
        then.subList(0, 0), read(records.between(from.plusNanos(1), from.plusNanos(999_999))));
    byte[] key = TestCluster.bytes("key 3");
    assertEquals(consumed(each -> Arrays.equals(key, each.key())), read(records.key(key)));
    assertEquals(consumed(each -> each.key() != null), read(records.keys(each -> each.length > 0)));
  }

  @Test
  void whatTheBrokerHadDeletedIsNotRead() throws Exception {
    kafka.createTopic("cut", 1, 1, Map.of());
    kafka.write("cut", 0, 60);
    TopicPartition cut = new TopicPartition("cut", 0);
    TestCluster.done(
        kafka.admin().deleteRecords(Map.of(cut, RecordsToDelete.beforeOffset(31))).all());
    try (SnapshotReader snapshot = snapshot("cut")) {
      List<KafkaRecord> read = read(KafkaRecords.of(snapshot));
      assertEquals(consumed(cut, 31, true), read);
      assertEquals(31, read.get(0).offset());
    }
  }

  @Test
  void whatIsNotThereIsSaid() throws Exception {
    assertKind(Kind.NOT_FOUND, () -> read(KafkaRecords.of(mixed).topic("absent")));
    assertKind(Kind.NOT_FOUND, () -> read(KafkaRecords.of(mixed).topic("mixed").partition(2)));
  }

  @Test
  void filesWithoutAnythingThatIsWantedAreNotOpened() throws Exception {
    // A file that is gone is found out by whoever opens it.
    try (SnapshotReader spoilt =
        spoilt((path, bytes) -> path.equals(TopicPaths.log("mixed", 0, 0)) ? null : bytes)) {
      KafkaRecords records = KafkaRecords.of(spoilt).topic("mixed");
      Instant late = Instant.parse("2100-01-01T00:00:00Z");
      assertEquals(List.of(), read(records.between(late, late.plusSeconds(1))));
      assertEquals(List.of(), read(records.offsets(100_000, 200_000)));
      assertKind(Kind.MISSING, () -> read(records.offsets(10, 11)));
    }
  }

  @Test
  void aBrokenBatchIsNamedAndTheOthersAreRead() throws Exception {
    List<KafkaRecord> whole = consumed(MIXED, true);
    try (SnapshotReader spoilt =
        spoilt(
            (path, bytes) -> {
              if (path.equals(TopicPaths.log("mixed", 0, 0))) {
                bytes[70] ^= 1;
              }
              return bytes;
            })) {
      List<KafkaRecord> read = new ArrayList<>();
      BackupException damaged = null;
      try (Cursor<KafkaRecord> records = KafkaRecords.of(spoilt).topic("mixed").open()) {
        while (true) {
          try {
            KafkaRecord next = records.next();
            if (next == null) {
              break;
            }
            read.add(next);
          } catch (BackupException broken) {
            damaged = broken;
          }
        }
      }
      assertNotNull(damaged);
      assertEquals(Kind.DAMAGED, damaged.kind());
      assertTrue(
          damaged.getMessage().startsWith("Topic mixed, partition 0, offset 0: "),
          damaged.getMessage());
      assertTrue(!read.isEmpty() && read.size() < whole.size());
      assertEquals(whole.subList(whole.size() - read.size(), whole.size()), read);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyTransactionsAreReadAsAConsumerReadsThem(long seed) throws Exception {
    String topic = "random-" + seed;
    kafka.createTopic(topic, 1, 1, Map.of());
    writeAnything(topic, new Random(seed));
    TopicPartition partition = new TopicPartition(topic, 0);
    try (SnapshotReader snapshot = snapshot(topic)) {
      assertEquals(consumed(partition, true), read(KafkaRecords.of(snapshot)));
      assertEquals(consumed(partition, false), read(KafkaRecords.of(snapshot).all()));
    }
  }

  private static void writeAnything(String topic, Random random) throws Exception {
    try (KafkaProducer<byte[], byte[]> one = transactional("one " + topic);
        KafkaProducer<byte[], byte[]> two = transactional("two " + topic);
        KafkaProducer<byte[], byte[]> plain = kafka.producer(Map.of("compression.type", "lz4"))) {
      boolean[] open = new boolean[2];
      List<KafkaProducer<byte[], byte[]>> both = List.of(one, two);
      for (int step = 0; step < 60; step++) {
        int who = random.nextInt(3);
        if (who == 2) {
          send(plain, topic, random.nextInt(4), step);
        } else if (!open[who]) {
          both.get(who).beginTransaction();
          send(both.get(who), topic, 1 + random.nextInt(3), step);
          open[who] = true;
        } else if (random.nextInt(3) > 0) {
          send(both.get(who), topic, 1 + random.nextInt(3), step);
        } else {
          end(both.get(who), random.nextBoolean());
          open[who] = false;
        }
      }
      for (int who = 0; who < 2; who++) {
        if (open[who]) {
          end(both.get(who), random.nextBoolean());
        }
      }
    }
    kafka.awaitDecided(new TopicPartition(topic, 0));
  }

  private static void end(KafkaProducer<byte[], byte[]> producer, boolean commit) {
    if (commit) {
      producer.commitTransaction();
    } else {
      producer.abortTransaction();
    }
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, int count, int step) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sent.add(
          producer.send(new ProducerRecord<>(topic, 0, null, TestCluster.bytes(step + " " + i))));
    }
    producer.flush();
    TestCluster.settled(sent);
  }

  private static KafkaProducer<byte[], byte[]> transactional(String id) {
    KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of("transactional.id", id));
    producer.initTransactions();
    return producer;
  }

  private static SnapshotReader snapshot(String... topics) throws Exception {
    return repository.open(
        repository
            .backup(KafkaTopicsSource.of("shop", kafka.cluster(), TopicSelection.named(topics)))
            .snapshot());
  }

  private static SnapshotReader spoilt(BiFunction<EntryPath, byte[], byte @Nullable []> change)
      throws Exception {
    return repository.open(repository.backup(new SpoiltLog(mixed, change)).snapshot());
  }

  private static List<KafkaRecord> read(KafkaRecords wanted) throws IOException {
    List<KafkaRecord> all = new ArrayList<>();
    try (Cursor<KafkaRecord> records = wanted.open()) {
      for (KafkaRecord each = records.next(); each != null; each = records.next()) {
        all.add(each);
      }
    }
    return all;
  }

  private static List<KafkaRecord> consumed(Predicate<KafkaRecord> wanted) throws Exception {
    return consumed(MIXED, true).stream().filter(wanted).toList();
  }

  private static List<KafkaRecord> consumed(TopicPartition partition, boolean committed)
      throws Exception {
    return consumed(partition, 0, committed);
  }

  private static List<KafkaRecord> consumed(TopicPartition partition, long from, boolean committed)
      throws Exception {
    return kafka.consume(partition, from, committed).stream()
        .map(KafkaRecordsTest::record)
        .toList();
  }

  private static KafkaRecord record(ConsumerRecord<byte[], byte[]> record) {
    List<KafkaRecord.Header> headers = new ArrayList<>();
    record.headers().forEach(each -> headers.add(new KafkaRecord.Header(each.key(), each.value())));
    return new KafkaRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType().name.equals("CreateTime")
            ? KafkaRecord.TimestampType.CREATE_TIME
            : KafkaRecord.TimestampType.LOG_APPEND_TIME,
        record.key(),
        record.value(),
        headers);
  }

  private static void assertKind(Kind kind, Executable doing) {
    assertEquals(kind, assertThrows(BackupException.class, doing).kind());
  }
}
