package dev.copperplate.backup.kafka.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.Cuts;
import dev.copperplate.backup.kafka.KafkaTopicsRestorer;
import dev.copperplate.backup.kafka.KafkaTopicsSource;
import dev.copperplate.backup.kafka.MixedTopic;
import dev.copperplate.backup.kafka.TestCluster;
import dev.copperplate.backup.kafka.TopicSelection;
import dev.copperplate.backup.kafka.batch.Numbering;
import dev.copperplate.backup.kafka.layout.Documents;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import dev.copperplate.backup.kafka.transport.RawTransport;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a dead process had sent may arrive at any time, before its successor's or behind. */
@Timeout(120)
class LateRequestTest {

  private static final TopicPartition SOURCE = new TopicPartition("mixed", 0);
  private static final TopicPartition COPY = new TopicPartition("copy", 0);

  @TempDir Path directory;

  @Test
  void aRequestOfADeadProcessIsTheSameBatchToTheBroker() throws Exception {
    try (TestCluster kafka = TestCluster.start(directory.resolve("kafka"), 1, Map.of());
        BackupRepository repository =
            TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT)) {
      kafka.createTopic("mixed", 1, 1, Map.of("retention.ms", "-1"));
      new MixedTopic(kafka, "mixed").fill();
      Snapshot snapshot =
          repository
              .backup(KafkaTopicsSource.of("shop", kafka.cluster(), TopicSelection.named("mixed")))
              .snapshot();
      Path journal = directory.resolve("journal");
      KafkaTopicsRestorer restorer =
          KafkaTopicsRestorer.to(kafka.cluster(), journal).renamed(each -> "copy");
      Restorer dying = Cuts.after(3000, restorer);
      assertThrows(IOException.class, () -> repository.restore(snapshot, dying));

      PartitionNote note = Journal.at(journal).partition(SOURCE).orElseThrow();
      long there = kafka.end(COPY);
      assertTrue(there > 0, "The restore died too early");
      Late early = late(repository, snapshot, note, there);
      try (RawTransport dead = RawTransport.of(kafka.cluster(), TransportOptions.DEFAULTS)) {
        assertEquals(there, dead.produce(COPY, early.batch()));
        Late next = late(repository, snapshot, note, there + early.records());

        repository.restore(snapshot, restorer);

        long end = kafka.end(COPY);
        // Older than the last five, which is as far as brokers remember.
        assertThrows(IOException.class, () -> dead.produce(COPY, next.batch()));
        Late last = late(repository, snapshot, note, -1);
        assertEquals(end - last.records(), dead.produce(COPY, last.batch()));
        assertEquals(end, kafka.end(COPY));
      }
      assertEquals(values(kafka, SOURCE), values(kafka, COPY));
    }
  }

  @Test
  void whatADeadProcessHadCutIsCutAtTheSamePlaces() throws Exception {
    try (TestCluster kafka = TestCluster.start(directory.resolve("kafka"), 1, Map.of());
        BackupRepository repository =
            TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT)) {
      kafka.createTopic("mixed", 1, 1, Map.of("retention.ms", "-1"));
      kafka.write("mixed", 0, 40);
      Snapshot snapshot =
          repository
              .backup(KafkaTopicsSource.of("shop", kafka.cluster(), TopicSelection.named("mixed")))
              .snapshot();
      Path journal = directory.resolve("journal");
      KafkaTopicsRestorer restorer =
          KafkaTopicsRestorer.to(kafka.cluster(), journal).renamed(each -> "copy");
      Restorer dying = Cuts.after(1, restorer);
      assertThrows(IOException.class, () -> repository.restore(snapshot, dying));
      PartitionNote note = Journal.at(journal).partition(SOURCE).orElseThrow();
      try (SnapshotReader reader = repository.open(snapshot);
          PartitionReplay replay =
              new PartitionReplay(reader, SOURCE, stored(reader), new ReplayChoices());
          RawTransport dead = RawTransport.of(kafka.cluster(), TransportOptions.DEFAULTS)) {
        Portion half = Objects.requireNonNull(replay.next()).parts().get(0);
        Numbering first = Numbering.at(0).producer(note.producerId(), note.producerEpoch(), 0);
        assertEquals(0, dead.produce(COPY, half.batch(first)));
      }

      repository.restore(snapshot, restorer);

      assertEquals(values(kafka, SOURCE), values(kafka, COPY));
    }
  }

  private static List<String> values(TestCluster kafka, TopicPartition partition) throws Exception {
    return kafka.consume(partition, 0, true).stream()
        .map(ConsumerRecord::value)
        .map(Arrays::toString)
        .toList();
  }

  private record Late(ByteBuffer batch, int records) {}

  /** The batch behind so many records; the last one for -1. */
  private static Late late(
      BackupRepository repository, Snapshot snapshot, PartitionNote note, long before)
      throws Exception {
    try (SnapshotReader reader = repository.open(snapshot);
        PartitionReplay replay =
            new PartitionReplay(reader, SOURCE, stored(reader), new ReplayChoices())) {
      long position = 0;
      Late late = null;
      for (Portion each = replay.next(); each != null; each = replay.next()) {
        if (position == before || before < 0) {
          Numbering numbering =
              Numbering.at(0)
                  .producer(note.producerId(), note.producerEpoch(), Delivery.sequence(position));
          late = new Late(each.batch(numbering), each.records());
        }
        position += each.records();
      }
      return Objects.requireNonNull(late);
    }
  }

  private static StoredPartition stored(SnapshotReader reader) throws IOException {
    var path = TopicPaths.partitionDocument("mixed", 0);
    try (InputStream in = reader.open(reader.entry(path).orElseThrow(), ByteRange.ALL)) {
      return Documents.readPartition(in, path.toString());
    }
  }
}
