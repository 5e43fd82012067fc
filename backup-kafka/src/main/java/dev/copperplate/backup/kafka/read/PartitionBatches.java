package dev.copperplate.backup.kafka.read;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.StoredBatches;
import dev.copperplate.backup.kafka.layout.StoredFile;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the checked batches of a partition that may hold what is wanted. Files that cannot
 * hold any of it are not opened. A batch is valid until the next call.
 *
 * <p>A batch whose checksum is wrong makes {@link #next} throw {@code DAMAGED} once and is passed
 * over; one whose length cannot be right, or what is not stored, ends its file likewise.
 */
public final class PartitionBatches implements Cursor<Batch> {

  private final SnapshotReader snapshot;
  private final String topic;
  private final StoredPartition partition;
  private final Wanted wanted;
  private final Iterator<StoredFile> files;
  private @Nullable InputStream open;
  private @Nullable StoredBatches batches;
  private long position;

  /** Opens nothing yet. */
  public PartitionBatches(
      SnapshotReader snapshot, String topic, StoredPartition partition, Wanted wanted) {
    this.snapshot = snapshot;
    this.topic = topic;
    this.partition = partition;
    this.wanted = wanted;
    this.files = partition.files().stream().filter(wanted::mayLieIn).iterator();
  }

  /**
   * A part of a partition.
   *
   * @param from the first offset
   * @param to the first offset behind it
   * @param since the least timestamp in ms; {@link Long#MIN_VALUE} for any
   */
  public record Wanted(long from, long to, long since) {

    private boolean mayLieIn(StoredFile file) {
      // Without a record there may be markers, which have no part in the greatest timestamp.
      return file.next() > from && file.base() < to && isRecent(file.maxTimestamp());
    }

    private boolean mayLieIn(Batch batch) {
      return batch.nextOffset() > from
          && batch.baseOffset() < to
          && (batch.isLegacy() || isRecent(batch.maxTimestamp()));
    }

    private boolean isRecent(long greatest) {
      return since == Long.MIN_VALUE || greatest >= since;
    }
  }

  @Override
  public @Nullable Batch next() throws IOException {
    while (true) {
      Batch batch = stored();
      if (batch == null) {
        return null;
      }
      if (wanted.mayLieIn(batch)) {
        return checked(batch);
      }
    }
  }

  /** Says of which topic, partition and offset a failure is. */
  public BackupException named(BackupException failure, long offset) {
    return new BackupException(
        failure.kind(),
        "Topic "
            + topic
            + ", partition "
            + partition.partition()
            + ", offset "
            + offset
            + ": "
            + failure.getMessage(),
        failure);
  }

  private Batch checked(Batch batch) throws BackupException {
    try {
      batch.check();
      return batch;
    } catch (BackupException damaged) {
      throw named(damaged, batch.baseOffset());
    }
  }

  private @Nullable Batch stored() throws IOException {
    while (batches != null || openNext()) {
      Batch batch = following();
      if (batch != null) {
        position = batch.nextOffset();
        return batch;
      }
      close();
    }
    return null;
  }

  private @Nullable Batch following() throws IOException {
    try {
      return batches == null ? null : batches.next();
    } catch (BackupException unreadable) {
      close();
      throw named(unreadable, position);
    }
  }

  private boolean openNext() throws IOException {
    if (!files.hasNext()) {
      return false;
    }
    StoredFile file = files.next();
    position = file.base();
    EntryPath path = TopicPaths.log(topic, partition.partition(), file.base());
    try {
      Entry entry =
          snapshot
              .entry(path)
              .orElseThrow(() -> new BackupException(Kind.MISSING, path + " is not there"));
      open = snapshot.open(entry, ByteRange.ALL);
      batches = new StoredBatches(open);
      return true;
    } catch (BackupException unreadable) {
      throw named(unreadable, position);
    }
  }

  @Override
  public void close() throws IOException {
    batches = null;
    if (open != null) {
      InputStream closing = open;
      open = null;
      closing.close();
    }
  }
}
