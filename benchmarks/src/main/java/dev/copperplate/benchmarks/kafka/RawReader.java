package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.Batches;
import dev.copperplate.backup.kafka.transport.BatchStream;
import dev.copperplate.backup.kafka.transport.BatchTransport;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import dev.copperplate.backup.kafka.transport.Transports;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/** Batches as the broker has them, checked, one partition after the other. */
record RawReader(Cluster cluster) implements TopicReader {

  @Override
  public long read(Map<TopicIdPartition, Long> ends, LogTarget target)
      throws IOException, InterruptedException {
    try (BatchTransport transport =
        Transports.open(cluster.kafka(), TransportOptions.DEFAULTS, RawReader::refuse)) {
      transport.reason().ifPresent(RawReader::fail);
      long records = 0;
      for (Map.Entry<TopicIdPartition, Long> each : ends.entrySet()) {
        LogFiles files = new LogFiles(target, each.getKey().partition());
        try (BatchStream stream = transport.read(each.getKey(), 0, each.getValue(), -1)) {
          records += copy(stream, files);
        }
        files.end();
      }
      return records;
    }
  }

  private static long copy(BatchStream stream, LogFiles files)
      throws IOException, InterruptedException {
    long records = 0;
    for (ByteBuffer bytes = stream.next(); bytes != null; bytes = stream.next()) {
      Batches batches = Batches.of(bytes);
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        batch.check();
        files.add(batch.bytes());
        records += batch.records();
      }
    }
    return records;
  }

  private static ByteBuffer refuse(Object records) {
    throw new IllegalStateException("Records are not what is measured");
  }

  private static void fail(String reason) {
    throw new IllegalStateException(reason);
  }
}
