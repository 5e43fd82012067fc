package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Whatever is produced, captured and restored is consumed as it was. */
class KafkaTopicsRoundTripProperties {

  private static final long FAR = 4_000_000_000_000L;

  private static Path directory = Path.of("");
  private static TestCluster kafka;
  private static int tries;

  @BeforeContainer
  static void start() throws IOException {
    directory = Files.createTempDirectory("round-trip");
    kafka =
        TestCluster.start(
            directory.resolve("kafka"),
            1,
            Map.of("log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)));
  }

  @AfterContainer
  static void stop() throws IOException {
    kafka.close();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  record Sent(long time, byte[] key, byte[] value, List<Header> headers) {}

  @Property(tries = 12, shrinking = ShrinkingMode.OFF)
  void recordsComeBackAsTheyWere(
      @ForAll("batches") List<List<Sent>> batches, @ForAll boolean decoded) throws Exception {
    String topic = "any-" + tries++;
    kafka.createTopic(topic, 1, 1, Map.of("retention.ms", "-1"));
    String[] codecs = {"none", "gzip", "snappy", "lz4", "zstd"};
    int count = 0;
    for (List<Sent> batch : batches) {
      produce(topic, codecs[count++ % codecs.length], batch);
    }
    Path journal = directory.resolve(topic);
    try (BackupRepository repository =
        TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT)) {
      KafkaTopicsRestorer restorer =
          KafkaTopicsRestorer.to(kafka.cluster(), journal).renamed(name -> name + "-copy");
      repository.restore(
          repository
              .backup(KafkaTopicsSource.of("any", kafka.cluster(), TopicSelection.named(topic)))
              .snapshot(),
          decoded ? restorer.transformed(Optional::of) : restorer);
    }
    new Replayed(kafka)
        .assertSame(new TopicPartition(topic, 0), new TopicPartition(topic + "-copy", 0), journal);
    assertEquals(
        batches.stream().mapToInt(List::size).sum(),
        kafka.end(new TopicPartition(topic + "-copy", 0)));
  }

  private static void produce(String topic, String codec, List<Sent> batch) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        kafka.producer(Map.of("compression.type", codec, "linger.ms", 20))) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Sent each : batch) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    topic, 0, each.time(), each.key(), each.value(), each.headers())));
      }
      TestCluster.settled(sent);
    }
  }

  @Provide
  Arbitrary<List<List<Sent>>> batches() {
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(40).injectNull(0.2);
    Arbitrary<Header> headers =
        Combinators.combine(Arbitraries.of("", "a", "b", "\u00e9"), bytes).as(RecordHeader::new);
    Arbitrary<Long> times =
        Arbitraries.oneOf(Arbitraries.of(0L, 1L, FAR), Arbitraries.longs().between(0, FAR));
    return Combinators.combine(times, bytes, bytes, headers.list().ofMaxSize(3))
        .as(Sent::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(20)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }
}
