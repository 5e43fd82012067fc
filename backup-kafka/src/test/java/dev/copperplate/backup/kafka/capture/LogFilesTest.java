package dev.copperplate.backup.kafka.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.BatchBuilder;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Codec;
import dev.copperplate.backup.kafka.batch.KafkaBatches;
import dev.copperplate.backup.kafka.batch.Numbering;
import dev.copperplate.backup.kafka.layout.StoredFile;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogFilesTest {

  @Test
  void batchesOfBeforeKafka011AreCarriedAndCountedApart() throws Exception {
    Writing writing =
        new Writing(
            List.of(
                KafkaBatches.legacy((byte) 0, Codec.NONE, 3, "a"),
                KafkaBatches.legacy((byte) 1, Codec.NONE, 4, "b"),
                today(5)));
    try (BackupRepository repository =
        TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT)) {
      repository.backup(writing);
    }
    StoredFile file = writing.files.get(0);
    assertEquals(3, file.base());
    assertEquals(6, file.next());
    assertEquals(3, file.batches());
    assertEquals(1, file.records());
  }

  private static ByteBuffer today(long offset) {
    BatchBuilder batch = new BatchBuilder(Numbering.at(offset));
    batch.add(new BatchRecord(offset, 0, null, new byte[] {1}, List.of()));
    return batch.build();
  }

  /** Writes batches as a capture does. */
  private static final class Writing implements BackupSource {
    private final List<ByteBuffer> batches;
    private List<StoredFile> files = List.of();

    Writing(List<ByteBuffer> batches) {
      this.batches = batches;
    }

    @Override
    public SourceId id() {
      return new SourceId("kafka-topics", "old");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
      try (LogFiles logs = new LogFiles(writer, "old", 0)) {
        for (ByteBuffer each : batches) {
          Batch batch = Batch.of(each);
          batch.check();
          logs.add(batch);
        }
        logs.end();
        files = logs.files();
      }
    }
  }
}
