package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.Batches;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.read.PartitionBatches;
import dev.copperplate.backup.kafka.read.PartitionBatches.Wanted;
import dev.copperplate.backup.kafka.transport.BatchStream;
import dev.copperplate.backup.kafka.transport.BatchTransport;
import dev.copperplate.backup.kafka.transport.HistoryChangedException;
import dev.copperplate.backup.kafka.transport.OffsetsGoneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Compares batches of one partition with those that its brokers have. */
final class LiveComparison {

  private final SnapshotReader snapshot;
  private final TopicPartition name;
  private final StoredPartition stored;
  private final boolean compacted;
  private final Found found;
  private long changed;

  LiveComparison(
      SnapshotReader snapshot,
      TopicPartition name,
      StoredPartition stored,
      boolean compacted,
      Found found) {
    this.snapshot = snapshot;
    this.name = name;
    this.stored = stored;
    this.compacted = compacted;
    this.found = found;
  }

  /** How many batches compaction had changed since. */
  long changed() {
    return changed;
  }

  /**
   * Compares a range.
   *
   * @return whether the next one is worth looking at
   */
  boolean run(BatchTransport transport, long from, long to)
      throws IOException, InterruptedException {
    TopicIdPartition partition = new TopicIdPartition(stored.topicId(), name);
    try (PartitionBatches held =
            new PartitionBatches(
                snapshot, name.topic(), stored, new Wanted(from, to, Long.MIN_VALUE));
        BatchStream stream = transport.read(partition, from, to, -1)) {
      return compare(held, new Live(stream));
    } catch (OffsetsGoneException retention) {
      found.add(
          Finding.info(name.toString(), "The cluster deleted records while they were compared"));
      return false;
    } catch (HistoryChangedException changing) {
      found.add(
          Finding.warning(
              name.toString(),
              "It changed while it was compared: " + changing.getMessage(),
              "Compare again"));
      return false;
    } catch (BackupException broken) {
      if (!Found.isOfTheBackup(broken)) {
        throw broken;
      }
      found.broken(name.toString(), String.valueOf(broken.getMessage()));
      return false;
    }
  }

  private boolean compare(PartitionBatches held, Live live)
      throws IOException, InterruptedException {
    Batch ours = held.next();
    Batch theirs = live.next();
    while (ours != null || theirs != null) {
      if (ours != null && theirs != null && ours.bytes().equals(theirs.bytes())) {
        found.count("batches", 1);
        found.count("bytes", ours.length());
      } else if (compacted) {
        changed++;
      } else {
        differ(ours, theirs);
        return false;
      }
      long next = Math.min(end(ours), end(theirs));
      ours = end(ours) == next ? held.next() : ours;
      theirs = end(theirs) == next ? live.next() : theirs;
    }
    return true;
  }

  private static long end(@Nullable Batch batch) {
    return batch == null ? Long.MAX_VALUE : batch.nextOffset();
  }

  private void differ(@Nullable Batch ours, @Nullable Batch theirs) {
    long offset = Math.min(base(ours), base(theirs));
    found.add(
        Finding.error(
            name.toString(),
            FileCheck.inPartition(
                name,
                String.format(
                    Locale.ROOT,
                    "offset %d: the snapshot has %s, the cluster has %s",
                    offset,
                    text(ours),
                    text(theirs))),
            "If the leader epochs differ, the log was truncated since, by an unclean election:"
                + " keep this snapshot. If not, verify its structure"));
  }

  private static long base(@Nullable Batch batch) {
    return batch == null ? Long.MAX_VALUE : batch.baseOffset();
  }

  private static String text(@Nullable Batch batch) {
    return batch == null
        ? "nothing"
        : String.format(
            Locale.ROOT,
            "offsets %d to %d in %d bytes of leader epoch %d with checksum %08x",
            batch.baseOffset(),
            batch.nextOffset() - 1,
            batch.length(),
            batch.leaderEpoch(),
            batch.crc());
  }

  /** One batch after the other, each valid until the next. */
  private static final class Live {

    private final BatchStream stream;
    private Batches batches = Batches.of(ByteBuffer.allocate(0));

    Live(BatchStream stream) {
      this.stream = stream;
    }

    @Nullable Batch next() throws IOException, InterruptedException {
      Batch next = batches.next();
      while (next == null) {
        ByteBuffer bytes = stream.next();
        if (bytes == null) {
          return null;
        }
        batches = Batches.of(bytes);
        next = batches.next();
      }
      return next;
    }
  }
}
