package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.ChildJvm;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.restic.Restic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures that are killed with SIGKILL at random moments, each on top of the last whole one. */
class KilledCaptureTest {

  private static final int KILLS = 5;
  private static final int PARTITIONS = 3;

  @TempDir Path directory;

  private final long seed = Long.getLong("copperplate.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void loseNothingAndTheNextCaptureIsWhole() throws Exception {
    Path place = directory.resolve("repository");
    TestRepositories.create(place).close();
    try (TestCluster kafka = TestCluster.start(directory.resolve("kafka"), 1, Map.of())) {
      kafka.createTopic("t", PARTITIONS, 1, Map.of());
      for (int kill = 0; kill < KILLS; kill++) {
        write(kafka);
        kill(place, kafka);
        try (BackupRepository repository = TestRepositories.open(place)) {
          Snapshot snapshot =
              repository.backup(KilledCapture.source(kafka.brokers().bootstrap(), "t")).snapshot();
          assertEquals(SnapshotState.COMPLETE, snapshot.state(), "seed " + seed);
          same(kafka, repository, snapshot);
        }
      }
    }
    Restic.stock().at(place, TestRepositories.PASSWORD).succeed("check", "--read-data");
  }

  private void kill(Path place, TestCluster kafka) throws Exception {
    try (ChildJvm child =
        ChildJvm.start("256m", KilledCapture.class, place, kafka.brokers().bootstrap(), "t")) {
      assertNotNull(child.await("opened"), child::said);
      // Time passes while the child works: it is what is tried here.
      TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500));
      child.kill();
    }
  }

  private void write(TestCluster kafka) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        kafka.producer(Map.of("linger.ms", 5, "compression.type", "lz4"))) {
      for (int i = 0; i < 9_000; i++) {
        byte[] value = new byte[1000];
        random.nextBytes(value);
        sent.add(producer.send(new ProducerRecord<>("t", i % PARTITIONS, null, value)));
      }
      TestCluster.settled(sent);
    }
  }

  private void same(TestCluster kafka, BackupRepository repository, Snapshot snapshot)
      throws Exception {
    try (SnapshotReader reader = repository.open(snapshot)) {
      for (int each = 0; each < PARTITIONS; each++) {
        TopicPartition partition = new TopicPartition("t", each);
        assertArrayEquals(
            kafka.segments(1, partition),
            new SnapshotOfTopics(reader).bytes(partition),
            "seed " + seed);
      }
    }
  }
}
