package dev.copperplate.backup.kafka;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import dev.copperplate.backup.kafka.read.RecordWishes;
import dev.copperplate.backup.kafka.read.StoredRecords;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Reads records of a snapshot of topics straight from the repository: no broker, no restore.
 *
 * <pre>{@code
 * try (Cursor<KafkaRecord> records =
 *     KafkaRecords.of(snapshot).topic("orders").between(noon, oneOClock).open()) {
 *   ...
 * }
 * }</pre>
 *
 * <p>What is not said is not restricted: without a topic all topics are read, in the order of their
 * names, without a partition all partitions of each, in the order of their numbers, and records in
 * the order of their offsets. Records that the broker had deleted before the capture are not among
 * them, markers of transactions never.
 *
 * <p>Files that hold nothing of the wanted offsets or times are not fetched, and batches without
 * any are not decompressed. Memory: one batch as it is stored, and one record of it.
 *
 * <p>Immutable and thread-safe; a cursor is used by one thread.
 */
public final class KafkaRecords {

  private final SnapshotReader snapshot;
  private final RecordWishes wishes;

  private KafkaRecords(SnapshotReader snapshot, RecordWishes wishes) {
    this.snapshot = snapshot;
    this.wishes = wishes;
  }

  /** All committed records of a snapshot, which stays open while they are read. */
  public static KafkaRecords of(SnapshotReader snapshot) {
    return new KafkaRecords(Objects.requireNonNull(snapshot), RecordWishes.DEFAULT);
  }

  /** The topics that the snapshot has, ascending. */
  public List<String> topics() throws IOException {
    return new StoredTopics(snapshot).names();
  }

  /** Of this topic alone. */
  public KafkaRecords topic(String name) {
    return with(wishes.topic(name));
  }

  /**
   * Of this partition alone.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public KafkaRecords partition(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("No partition " + number);
    }
    return with(wishes.partition(number));
  }

  /**
   * Of these offsets alone, in each partition that is read.
   *
   * @param from the first
   * @param to the first behind them, {@link Long#MAX_VALUE} for the end
   * @throws IllegalArgumentException unless they are ascending
   */
  public KafkaRecords offsets(long from, long to) {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("No offsets from " + from + " to " + to);
    }
    return with(wishes.offsets(from, to));
  }

  /**
   * With timestamps from one time on up to before another one. Timestamps need not ascend, so that
   * everything that may be among them is looked at.
   *
   * @throws IllegalArgumentException unless the times are ascending
   */
  public KafkaRecords between(Instant from, Instant to) {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("No times from " + from + " to " + to);
    }
    return with(wishes.between(ceiling(from), ceiling(to)));
  }

  /** Timestamps are whole milliseconds: the first that is not before. */
  private static long ceiling(Instant time) {
    long millis = time.toEpochMilli();
    return time.isAfter(Instant.ofEpochMilli(millis)) ? millis + 1 : millis;
  }

  /** With this key. */
  public KafkaRecords key(byte[] key) {
    byte[] wanted = key.clone();
    return keys(each -> Arrays.equals(each, wanted));
  }

  /** With such a key. Records without one are left out, and the predicate is not asked. */
  public KafkaRecords keys(Predicate<byte[]> wanted) {
    return with(wishes.keys(Objects.requireNonNull(wanted)));
  }

  /** Without records of aborted transactions, as it is unless said otherwise. */
  public KafkaRecords committed() {
    return with(wishes.aborted(false));
  }

  /** With records of aborted transactions as well. */
  public KafkaRecords all() {
    return with(wishes.aborted(true));
  }

  /**
   * Goes through the records. The caller closes the cursor before the snapshot.
   *
   * <p>Where the backup is broken, {@link Cursor#next} throws {@code DAMAGED} or {@code MISSING}
   * once, naming topic, partition and offset, and goes on behind the batch, or behind the file
   * where the end of the batch is not known. {@code UNSUPPORTED} likewise for batches of the
   * message formats from before Kafka 0.11, which are stored but not decoded.
   *
   * @throws dev.copperplate.backup.BackupException {@code NOT_FOUND} if the snapshot does not have
   *     the topic; from the cursor, if it does not have the partition
   */
  public Cursor<KafkaRecord> open() throws IOException {
    return StoredRecords.of(snapshot, wishes);
  }

  private KafkaRecords with(RecordWishes other) {
    return new KafkaRecords(snapshot, other);
  }
}
