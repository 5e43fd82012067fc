package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.StoredBatches;
import dev.copperplate.backup.kafka.batch.TimestampType;
import dev.copperplate.backup.kafka.layout.Hole;
import dev.copperplate.backup.kafka.layout.StoredFile;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Goes through what is stored of a partition and tells what goes out: always the same portions for
 * the same snapshot and choices.
 *
 * <p>Used by one thread. One batch is in memory, and where it is decoded a piece of its records.
 */
final class PartitionReplay implements Closeable {

  private final SnapshotReader snapshot;
  private final TopicPartition name;
  private final StoredPartition stored;
  private final ReplayChoices choices;
  private final long from;
  private final long to;
  private final Fate fate;
  private final Iterator<StoredFile> files;
  private @Nullable InputStream open;
  private @Nullable StoredBatches batches;
  private @Nullable ChosenRecords decoding;
  private long position;
  private long filtered;
  private long damaged;

  PartitionReplay(
      SnapshotReader snapshot, TopicPartition name, StoredPartition stored, ReplayChoices choices) {
    this.snapshot = snapshot;
    this.name = name;
    this.stored = stored;
    this.choices = choices;
    this.from = Math.max(stored.from(), choices.offsets(name).from());
    this.to = Math.min(stored.to(), choices.offsets(name).to());
    this.fate = new Fate(stored);
    this.files = stored.files().iterator();
  }

  /** The next portion; null behind the last one. */
  @Nullable Portion next() throws IOException {
    try {
      for (Portion next = step(); ; next = step()) {
        if (next != null || decoding == null && batches == null && !files.hasNext()) {
          return next;
        }
      }
    } catch (BackupException failure) {
      throw new BackupException(failure.kind(), name + ": " + failure.getMessage(), failure);
    }
  }

  /** How many records the times and the transform left out so far. */
  long filtered() {
    return filtered;
  }

  /** How many batches were left out whose checksum was wrong already when they were captured. */
  long damaged() {
    return damaged;
  }

  private @Nullable Portion step() throws IOException {
    ChosenRecords records = decoding;
    if (records != null) {
      Portion portion = records.next();
      if (portion == null) {
        filtered += records.filtered();
        records.close();
        decoding = null;
      }
      return portion;
    }
    StoredBatches current = batches;
    if (current == null) {
      openNext();
      return null;
    }
    Batch batch = current.next();
    if (batch == null || batch.baseOffset() >= to) {
      closeFile();
      return null;
    }
    return isWanted(batch) ? portion(batch) : null;
  }

  private void openNext() throws IOException {
    if (!files.hasNext()) {
      return;
    }
    StoredFile file = files.next();
    if (file.next() <= from || file.base() >= to) {
      return;
    }
    EntryPath path = TopicPaths.log(name.topic(), name.partition(), file.base());
    Entry entry =
        snapshot
            .entry(path)
            .orElseThrow(
                () ->
                    new BackupException(
                        Kind.MISSING,
                        path + " is not in the snapshot, but partition.json names it"));
    open = new BufferedInputStream(snapshot.open(entry, ByteRange.ALL), 1 << 16);
    batches = new StoredBatches(open);
  }

  private boolean isWanted(Batch batch) throws IOException {
    try {
      batch.check();
      if (batch.baseOffset() < position) {
        throw new BackupException(
            Kind.DAMAGED, batch + " stands where offset " + position + " was due");
      }
    } catch (BackupException damage) {
      if (!isKnownDamage(batch.baseOffset())) {
        throw damage;
      }
      damaged++;
      return false;
    }
    position = batch.nextOffset();
    return batch.nextOffset() > from && fate.isVisible(batch) && !isTooOld(batch);
  }

  private boolean isKnownDamage(long offset) {
    return stored.holes().stream()
        .anyMatch(
            each ->
                each.reason() == Hole.Reason.CHECKSUM
                    && each.from() <= offset
                    && offset < each.to());
  }

  /** The greatest timestamp is in the header; the least one is not. */
  private boolean isTooOld(Batch batch) {
    boolean old = !batch.isLegacy() && batch.maxTimestamp() < choices.times().from();
    filtered += old ? batch.records() : 0;
    return old;
  }

  private @Nullable Portion portion(Batch batch) throws IOException {
    if (isWhole(batch)) {
      return new StoredPortion(batch);
    }
    decoding = new ChosenRecords(batch, name, from, to, choices);
    return null;
  }

  /**
   * A broker takes times that it had given itself for those of producers, which are in the records
   * still: such batches are built anew.
   */
  private boolean isWhole(Batch batch) {
    return !batch.isLegacy()
        && !batch.hasGaps()
        && batch.timestampType() == TimestampType.CREATE_TIME
        && batch.baseOffset() >= from
        && batch.nextOffset() <= to
        && !choices.isTimed()
        && choices.transform() == null;
  }

  private void closeFile() throws IOException {
    batches = null;
    InputStream file = open;
    open = null;
    if (file != null) {
      file.close();
    }
  }

  @Override
  public void close() throws IOException {
    if (decoding != null) {
      decoding.close();
    }
    closeFile();
  }
}
