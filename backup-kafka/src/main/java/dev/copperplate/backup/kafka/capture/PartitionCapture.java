package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.Batches;
import dev.copperplate.backup.kafka.batch.StoredBatches;
import dev.copperplate.backup.kafka.layout.Documents;
import dev.copperplate.backup.kafka.layout.Hole;
import dev.copperplate.backup.kafka.layout.StoredFile;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import dev.copperplate.backup.kafka.transport.BatchStream;
import dev.copperplate.backup.kafka.transport.BatchTransport;
import dev.copperplate.backup.kafka.transport.HistoryChangedException;
import dev.copperplate.backup.kafka.transport.OffsetsGoneException;
import dev.copperplate.backup.kafka.transport.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;

/**
 * Captures one partition: reuses the files of the previous snapshot as far as the broker still has
 * their records, carries on a small last one, and reads what came since.
 */
final class PartitionCapture {

  /** A last file that is smaller is copied and carried on; others are reused as they are. */
  private static final long CARRIED_ON = 16L << 20;

  private final TopicIdPartition partition;
  private final Bounds bounds;
  private final SnapshotWriter writer;
  private final CaptureContext context;
  private final PreviousTopics previous;
  private final boolean keepingAll;
  private final List<Hole> holes = new ArrayList<>();
  private final LogFiles files;
  private StoredTransactions transactions = StoredTransactions.none();
  private long from;
  private long position;
  private int epoch = -1;

  PartitionCapture(
      TopicIdPartition partition,
      Bounds bounds,
      SnapshotWriter writer,
      CaptureContext context,
      PreviousTopics previous,
      boolean keepingAll) {
    this.partition = partition;
    this.bounds = bounds;
    this.writer = writer;
    this.context = context;
    this.previous = previous;
    this.keepingAll = keepingAll;
    files = new LogFiles(writer, partition.topic(), partition.partition());
    from = bounds.start();
    position = bounds.start();
  }

  /** Writes all of the partition. */
  StoredPartition run(BatchTransport transport, Pace pace)
      throws IOException, InterruptedException {
    Optional<StoredPartition> stored = previous.partition(partition.topic(), partition.partition());
    if (stored.isPresent() && continues(stored.get(), transport)) {
      if (isUnchanged(stored.get()) && reuseWhole()) {
        stored.get().holes().forEach(this::carried);
        return stored.get();
      }
      carryOn(stored.get());
    }
    try (files) {
      read(transport, pace);
      files.end();
    }
    StoredPartition written =
        new StoredPartition(
            partition.topicId(),
            partition.partition(),
            from,
            position,
            epoch,
            transport.name(),
            files.files(),
            holes.stream()
                .filter(each -> each.to() > from)
                .sorted(Comparator.comparingLong(Hole::from))
                .toList(),
            transactions.aborted(),
            transactions.unended());
    writeDocument(written);
    writer.complete(TopicPaths.partition(partition.topic(), partition.partition()));
    return written;
  }

  // ---- what is stored already

  /** Whether what the broker has is what is stored, and more. */
  private boolean continues(StoredPartition stored, BatchTransport transport)
      throws IOException, InterruptedException {
    if (!stored.topicId().equals(partition.topicId())) {
      report(
          Finding.warning(
              name(),
              "The topic was deleted and made again since the previous snapshot: id "
                  + stored.topicId()
                  + " is "
                  + partition.topicId()
                  + " now. Its records are read from the start",
              "What the earlier topic held is in earlier snapshots only"));
      return false;
    }
    if (stored.to() > bounds.stable() || isAnotherHistory(stored, transport)) {
      report(
          Finding.warning(
              name(),
              "The log was truncated: it was stored up to offset "
                  + stored.to()
                  + ", and the broker has another history up to "
                  + bounds.stable()
                  + ". It is read from the start",
              "Look for an unclean election; records that were lost are in earlier snapshots"));
      return false;
    }
    return true;
  }

  private boolean isAnotherHistory(StoredPartition stored, BatchTransport transport)
      throws IOException, InterruptedException {
    if (stored.epoch() < 0 || stored.epoch() == bounds.epoch() || stored.to() < bounds.start()) {
      return false;
    }
    try (BatchStream nothing =
        transport.read(partition, stored.to(), stored.to(), stored.epoch())) {
      nothing.next();
      return false;
    } catch (OffsetsGoneException meanwhile) {
      return false;
    } catch (HistoryChangedException changed) {
      return changed.change() == HistoryChangedException.Change.TRUNCATED;
    }
  }

  private boolean isUnchanged(StoredPartition stored) {
    return stored.to() == bounds.stable()
        && (keepingAll ? stored.from() <= bounds.start() : stored.from() == bounds.start());
  }

  private boolean reuseWhole() throws IOException {
    EntryPath path = TopicPaths.partition(partition.topic(), partition.partition());
    Optional<Entry> directory = previous.entry(path);
    return directory.isPresent()
        && writer.reuse(path, directory.get().attributes(), directory.get());
  }

  private void carryOn(StoredPartition stored) throws IOException {
    if (keepingAll) {
      from = Math.min(from, stored.from());
    }
    if (stored.to() < bounds.start()) {
      overtaken(stored.to(), bounds.start());
      if (!keepingAll) {
        return;
      }
    }
    for (StoredFile each : stored.files()) {
      if (each.next() > from && !take(stored, each)) {
        readAgain(stored, each);
        return;
      }
    }
    carryOn(stored, stored.to());
    if (stored.to() >= bounds.start()) {
      epoch = stored.epoch();
    }
  }

  /** What is known of the stored offsets up to there; what follows is read. */
  private void carryOn(StoredPartition stored, long to) {
    position = Math.max(to, bounds.start());
    transactions = StoredTransactions.of(stored, from, to);
    for (Hole each : stored.holes()) {
      if (each.from() < to && each.to() > from) {
        holes.add(each);
        carried(each);
      }
    }
  }

  /** Whether it is in this snapshot now. */
  private boolean take(StoredPartition stored, StoredFile file) throws IOException {
    EntryPath path = TopicPaths.log(partition.topic(), partition.partition(), file.base());
    Optional<Entry> entry = previous.entry(path);
    if (entry.isEmpty()) {
      return false;
    }
    boolean grows = file.next() == stored.to() && stored.to() < bounds.stable();
    if (grows && file.bytes() < CARRIED_ON) {
      return copy(entry.get());
    }
    if (!writer.reuse(path, Attributes.PLAIN, entry.get())) {
      return false;
    }
    files.add(file);
    return true;
  }

  /** The last one, so whatever of it cannot be read is read from the broker. */
  private boolean copy(Entry file) throws IOException {
    try (InputStream in = previous.open(file)) {
      StoredBatches batches = new StoredBatches(in);
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        files.add(batch);
      }
      return true;
    } catch (BackupException unreadable) {
      if (unreadable.kind() != Kind.DAMAGED && unreadable.kind() != Kind.MISSING) {
        throw unreadable;
      }
      files.close();
      return false;
    }
  }

  /** The file and those behind it are no longer stored whole. */
  private void readAgain(StoredPartition stored, StoredFile lost) {
    report(
        Finding.info(
            name(),
            "What the previous snapshot holds from offset "
                + lost.base()
                + " on is no longer stored whole, and is read again"));
    carryOn(stored, lost.base());
    if (lost.base() < bounds.start() && keepingAll) {
      overtaken(lost.base(), bounds.start());
    }
  }

  // ---- what the broker has

  private void read(BatchTransport transport, Pace pace) throws IOException, InterruptedException {
    while (position < bounds.stable()) {
      try (BatchStream stream = transport.read(partition, position, bounds.stable(), epoch)) {
        read(stream, pace);
        position = bounds.stable();
      } catch (OffsetsGoneException gone) {
        files.end();
        long next = Math.min(gone.logStart(), bounds.stable());
        overtaken(position, next);
        position = next;
        epoch = -1;
      } catch (HistoryChangedException changed) {
        report(
            Finding.warning(
                name(),
                "Only offsets up to " + position + " were read: " + changed.getMessage(),
                "Back it up again"));
        return;
      }
    }
  }

  private void read(BatchStream stream, Pace pace) throws IOException, InterruptedException {
    for (ByteBuffer bytes = stream.next(); bytes != null; bytes = stream.next()) {
      pace.read(bytes.remaining());
      Batches batches = Batches.of(bytes);
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        add(batch);
      }
    }
    transactions.told(stream.aborted());
  }

  private void add(Batch batch) throws IOException {
    try {
      batch.check();
      transactions.add(batch);
    } catch (BackupException wrong) {
      if (wrong.kind() != Kind.DAMAGED) {
        throw wrong;
      }
      Hole hole = new Hole(batch.baseOffset(), batch.nextOffset(), Hole.Reason.CHECKSUM);
      holes.add(hole);
      damaged(hole);
    }
    files.add(batch);
    position = batch.nextOffset();
    epoch = batch.leaderEpoch();
  }

  // ---- what is missing

  private void overtaken(long first, long next) {
    holes.add(new Hole(first, next, Hole.Reason.RETENTION));
    report(
        Finding.warning(
            name(),
            offsets(first, next) + " were deleted by the broker before they were read",
            "Back up more often, or let the topic keep its records for longer"));
    if (!keepingAll) {
      from = next;
    }
  }

  private void damaged(Hole hole) {
    report(
        Finding.warning(
            name(),
            offsets(hole.from(), hole.to())
                + " have a wrong checksum at the broker; they are stored as they are",
            "Look at the disk of the leader; another replica may have them whole"));
  }

  /** What an earlier snapshot has reported, and this one has as well. */
  private void carried(Hole hole) {
    if (hole.reason() == Hole.Reason.CHECKSUM) {
      damaged(hole);
    } else {
      report(
          Finding.info(
              name(), offsets(hole.from(), hole.to()) + " are missing, as they were before"));
    }
  }

  private static String offsets(long first, long next) {
    return "Offsets " + first + " to " + (next - 1);
  }

  private String name() {
    return partition.topicPartition().toString();
  }

  private void report(Finding finding) {
    context.report(finding);
  }

  private void writeDocument(StoredPartition written) throws IOException {
    EntryPath path = TopicPaths.partitionDocument(partition.topic(), partition.partition());
    try (EntryOutput out = writer.file(path, Attributes.PLAIN)) {
      Documents.write(written, out);
      out.commit();
    }
  }
}
