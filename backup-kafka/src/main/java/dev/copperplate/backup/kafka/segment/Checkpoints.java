package dev.copperplate.backup.kafka.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a broker notes of partitions beside them. The note of an orderly shutdown stays as it is:
 * without it the controller would take the broker's replicas for lost ones.
 */
record Checkpoints(
    Checkpoint starts, Checkpoint watermarks, Checkpoint recovered, Checkpoint cleaned) {

  static Checkpoints read(Path logDirectory) throws IOException {
    return new Checkpoints(
        Checkpoint.read(logDirectory, Checkpoint.LOG_START),
        Checkpoint.read(logDirectory, Checkpoint.HIGH_WATERMARK),
        Checkpoint.read(logDirectory, Checkpoint.RECOVERY_POINT),
        Checkpoint.read(logDirectory, Checkpoint.CLEANED));
  }

  /** Puts the partitions in that were restored, and leaves the others as they are. */
  void write(Map<PartitionTask, RestoredLog> logs) throws IOException {
    for (Map.Entry<PartitionTask, RestoredLog> each : logs.entrySet()) {
      String topic = each.getKey().topic().name();
      int partition = each.getKey().number();
      RestoredLog log = each.getValue();
      // A start that is left from before could lie behind the end, and then all is deleted.
      starts.put(topic, partition, log.from());
      // Up to there everybody had it. From 0 on, nobody could read before the followers had come.
      watermarks.put(topic, partition, log.end());
      // The broker makes the indexes anew, and they are not on disk before it says so.
      recovered.remove(topic, partition);
      cleaned.remove(topic, partition);
    }
    starts.write();
    watermarks.write();
    recovered.write();
    cleaned.write();
  }
}
