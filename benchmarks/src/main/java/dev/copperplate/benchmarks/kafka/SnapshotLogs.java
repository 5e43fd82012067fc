package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import java.io.IOException;
import java.io.OutputStream;

/** Files of a snapshot, where a snapshot of topics has them. */
record SnapshotLogs(SnapshotWriter writer, String topic) implements LogTarget {

  @Override
  public OutputStream create(int partition, long base) throws IOException {
    return writer.file(TopicPaths.log(topic, partition, base), Attributes.PLAIN);
  }

  @Override
  public void commit(OutputStream file) throws IOException {
    try (EntryOutput output = (EntryOutput) file) {
      output.commit();
    }
  }
}
