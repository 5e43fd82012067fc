package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/** A topic in a snapshot, by a reader. */
record ReaderSource(TopicReader reader, String topic, Map<TopicIdPartition, Long> ends)
    implements BackupSource {

  @Override
  public SourceId id() {
    return new SourceId("kafka-consumer", topic);
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    long records = reader.read(ends, new SnapshotLogs(writer, topic));
    writer.fact("records", Long.toString(records));
    try (EntryOutput guide = writer.file(EntryPath.of(".backup/RESTORE.md"), Attributes.PLAIN)) {
      guide.write("A measurement.\n".getBytes(StandardCharsets.US_ASCII));
      guide.commit();
    }
  }
}
