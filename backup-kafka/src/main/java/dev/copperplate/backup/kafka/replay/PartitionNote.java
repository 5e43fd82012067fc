package dev.copperplate.backup.kafka.replay;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What a second attempt has to know of a partition.
 *
 * @param topicId of the destination
 * @param producerId under which everything is sent, with its epoch
 * @param first the offset of the first record that is sent
 * @param padding how many records without content go first
 * @param digest of what is sent, as far as snapshot and choices tell
 * @param done what was sent, when all is there and mapped
 */
record PartitionNote(
    TopicPartition destination,
    Uuid topicId,
    long producerId,
    short producerEpoch,
    long first,
    long padding,
    String digest,
    Optional<Sent> done) {

  PartitionNote done(Sent sent) {
    return new PartitionNote(
        destination, topicId, producerId, producerEpoch, first, padding, digest, Optional.of(sent));
  }

  Map<String, Object> values() {
    Map<String, Object> all = new TreeMap<>();
    all.put("topic", destination.topic());
    all.put("partition", destination.partition());
    all.put("topicId", topicId);
    all.put("producerId", producerId);
    all.put("producerEpoch", producerEpoch);
    all.put("first", first);
    all.put("padding", padding);
    all.put("digest", digest);
    done.ifPresent(sent -> all.putAll(sent.values()));
    return all;
  }

  static PartitionNote of(JournalFile file) throws IOException {
    return new PartitionNote(
        new TopicPartition(file.text("topic"), Math.toIntExact(file.number("partition"))),
        Uuid.fromString(file.text("topicId")),
        file.number("producerId"),
        (short) file.number("producerEpoch"),
        file.number("first"),
        file.number("padding"),
        file.text("digest"),
        Sent.of(file));
  }
}
