package dev.copperplate.backup.kafka;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.layout.Documents;
import dev.copperplate.backup.kafka.layout.StoredFile;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.kafka.common.TopicPartition;

/** What a snapshot holds, without the classes that restore it. */
public record SnapshotOfTopics(SnapshotReader snapshot) {

  /** The document of a partition. */
  public StoredPartition stored(TopicPartition partition) throws IOException {
    EntryPath path = TopicPaths.partitionDocument(partition.topic(), partition.partition());
    try (InputStream in = snapshot.open(snapshot.entry(path).orElseThrow(), ByteRange.ALL)) {
      return Documents.readPartition(in, path.toString());
    }
  }

  /** The bytes of its files, one behind the other. */
  public byte[] bytes(TopicPartition partition) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (StoredFile each : stored(partition).files()) {
      EntryPath path = TopicPaths.log(partition.topic(), partition.partition(), each.base());
      try (InputStream in = snapshot.open(snapshot.entry(path).orElseThrow(), ByteRange.ALL)) {
        in.transferTo(all);
      }
    }
    return all.toByteArray();
  }
}
