package dev.copperplate.backup.kafka.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.KafkaRecord;
import dev.copperplate.backup.kafka.KafkaRecords;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads a restored partition as a consumer does, beside what the snapshot holds. */
final class RecordComparison {

  private static final String REMEDY =
      "Verify the structure of the snapshot, and drill an earlier one";

  private final SnapshotReader snapshot;
  private final String bootstrap;
  private final Deadline deadline;
  private final Consumer<Finding> report;
  private long records;

  RecordComparison(
      SnapshotReader snapshot, String bootstrap, Deadline deadline, Consumer<Finding> report) {
    this.snapshot = snapshot;
    this.bootstrap = bootstrap;
    this.deadline = deadline;
    this.report = report;
  }

  /** How many were equal so far. */
  long records() {
    return records;
  }

  void run(TopicPartition name, StoredPartition stored) throws IOException, InterruptedException {
    KafkaRecords wanted = KafkaRecords.of(snapshot).topic(name.topic()).partition(name.partition());
    try (Cursor<KafkaRecord> held = wanted.open();
        ScratchConsumer consumer = ScratchConsumer.of(bootstrap)) {
      consumer.start(name, stored.from());
      compare(name, held, consumer);
    } catch (BackupException broken) {
      if (broken.kind() != Kind.DAMAGED && broken.kind() != Kind.MISSING) {
        throw broken;
      }
      report.accept(Finding.error(name.toString(), String.valueOf(broken.getMessage()), REMEDY));
    }
  }

  private void compare(TopicPartition name, Cursor<KafkaRecord> held, ScratchConsumer consumer)
      throws IOException, InterruptedException {
    long end = consumer.end(name);
    while (consumer.position(name) < end) {
      deadline.check("reading " + name);
      for (ConsumerRecord<byte[], byte[]> each : consumer.poll()) {
        KafkaRecord expected = held.next();
        KafkaRecord restored = ScratchConsumer.value(each);
        if (!restored.equals(expected)) {
          differ(name, expected, restored);
          return;
        }
        records++;
      }
    }
    KafkaRecord missing = held.next();
    if (missing != null) {
      differ(name, missing, null);
    }
  }

  private void differ(
      TopicPartition name, @Nullable KafkaRecord expected, @Nullable KafkaRecord restored) {
    report.accept(
        Finding.error(
            name.toString(),
            "Topic "
                + name.topic()
                + ", partition "
                + name.partition()
                + ", offset "
                + Math.min(offset(expected), offset(restored))
                + ": "
                + difference(expected, restored),
            REMEDY));
  }

  private static long offset(@Nullable KafkaRecord record) {
    return record == null ? Long.MAX_VALUE : record.offset();
  }

  /** Without any content, which may be secret. */
  private static String difference(@Nullable KafkaRecord expected, @Nullable KafkaRecord restored) {
    if (expected == null || offset(restored) < offset(expected)) {
      return "a consumer gets a record that the snapshot does not hold";
    }
    if (restored == null || offset(restored) > offset(expected)) {
      return "a consumer does not get the record of the snapshot";
    }
    return "the restored record has another "
        + (!Arrays.equals(expected.key(), restored.key())
            ? "key"
            : !Arrays.equals(expected.value(), restored.value())
                ? "value"
                : !expected.headers().equals(restored.headers()) ? "list of headers" : "timestamp");
  }
}
