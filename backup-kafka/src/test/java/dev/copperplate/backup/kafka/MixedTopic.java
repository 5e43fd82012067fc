package dev.copperplate.backup.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Fills a partition with all that a log can hold. */
public final class MixedTopic {

  private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

  private final TestCluster cluster;
  private final String topic;

  public MixedTopic(TestCluster cluster, String topic) {
    this.cluster = cluster;
    this.topic = topic;
  }

  /**
   * Every codec, headers twice and without a value, tombstones, records without a key, times far
   * apart, and transactions: committed, aborted, and two at once of which one is aborted.
   */
  public void fill() throws Exception {
    for (String codec : CODECS) {
      try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("compression.type", codec))) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          sent.add(producer.send(record(codec + " " + i, i)));
        }
        TestCluster.settled(sent);
      }
    }
    try (KafkaProducer<byte[], byte[]> first = transactional("first " + topic);
        KafkaProducer<byte[], byte[]> second = transactional("second " + topic)) {
      transaction(first, "committed", true);
      transaction(first, "aborted", false);
      first.beginTransaction();
      second.beginTransaction();
      for (int i = 0; i < 6; i++) {
        (i % 2 == 0 ? first : second).send(record("interleaved " + i, i)).get();
      }
      first.abortTransaction();
      second.send(record("interleaved last", 7)).get();
      second.commitTransaction();
      transaction(first, "aborted at the end", false);
    }
    cluster.awaitDecided(new TopicPartition(topic, 0));
  }

  private void transaction(KafkaProducer<byte[], byte[]> producer, String name, boolean commit)
      throws Exception {
    producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      sent.add(producer.send(record(name + " " + i, i)));
    }
    TestCluster.settled(sent);
    if (commit) {
      producer.commitTransaction();
    } else {
      producer.abortTransaction();
    }
  }

  private KafkaProducer<byte[], byte[]> transactional(String id) {
    KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", id));
    producer.initTransactions();
    return producer;
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(Map.of("linger.ms", 2, "batch.size", 600));
    all.putAll(settings);
    return cluster.producer(all);
  }

  private ProducerRecord<byte[], byte[]> record(String text, int i) {
    List<Header> headers = new ArrayList<>();
    if (i % 4 == 1) {
      headers.add(new RecordHeader("twice", TestCluster.bytes("one")));
      headers.add(new RecordHeader("twice", TestCluster.bytes("two")));
      headers.add(new RecordHeader("null", (byte[]) null));
      headers.add(new RecordHeader("", new byte[0]));
    }
    long time = i % 9 == 8 ? 0 : 1_500_000_000_000L + i * 40L * 24 * 3_600_000;
    byte[] key = i % 5 == 4 ? null : TestCluster.bytes("key " + i);
    byte[] value = key != null && i % 7 == 3 ? null : TestCluster.bytes("value of " + text);
    return new ProducerRecord<>(topic, 0, time, key, value, headers);
  }
}
