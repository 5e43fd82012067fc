package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.batch.Numbering;
import dev.copperplate.backup.kafka.transport.BatchSink;
import dev.copperplate.backup.kafka.transport.Pace;
import dev.copperplate.backup.kafka.transport.RefusedBatchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Sends the portions of one partition, one behind the other, those left out that are there already.
 * The sequence of a batch is the number of records before it, so the broker knows each batch again.
 */
final class Delivery {

  private final TopicPartition source;
  private final PartitionNote note;
  private final BatchSink sink;
  private final OffsetRuns map;
  private final Pace pace;
  private final long there;
  private long position;
  private long untouched;
  private long rebuilt;
  private long bytes;

  /**
   * @param there how many records the destination has already
   */
  Delivery(
      TopicPartition source,
      PartitionNote note,
      BatchSink sink,
      OffsetRuns map,
      Pace pace,
      long there) {
    this.source = source;
    this.note = note;
    this.sink = sink;
    this.map = map;
    this.pace = pace;
    this.there = there;
  }

  /** Sends one, in parts where it has to be. */
  void send(Portion portion) throws IOException, InterruptedException {
    long end = position + portion.records();
    if (end <= there) {
      delivered(portion);
    } else if (position < there) {
      // The attempt before cut it there.
      inParts(portion, null);
    } else {
      try {
        produce(portion);
        delivered(portion);
      } catch (RefusedBatchException refused) {
        inParts(portion, refused);
      }
    }
  }

  private void inParts(Portion portion, @Nullable RefusedBatchException by)
      throws IOException, InterruptedException {
    List<Portion> parts = portion.parts();
    if (parts.isEmpty() || by != null && by.reason() == RefusedBatchException.Reason.INVALID) {
      throw new BackupException(
          Kind.INVALID,
          note.destination()
              + " does not take what stood at offset "
              + portion.firstOffset()
              + " of "
              + source
              + (by == null ? "" : ": " + by.getMessage())
              + ". Look at max.message.bytes and cleanup.policy of the topic, then begin again",
          by);
    }
    for (Portion each : parts) {
      send(each);
    }
  }

  private void produce(Portion portion) throws IOException, InterruptedException {
    long due = note.first() + position;
    Numbering numbering =
        Numbering.at(0).producer(note.producerId(), note.producerEpoch(), sequence(position));
    ByteBuffer batch = portion.batch(numbering);
    pace.read(batch.remaining());
    long offset = sink.produce(note.destination(), batch);
    if (offset != due) {
      throw new BackupException(
          Kind.CONFLICT,
          "What stood at offset "
              + portion.firstOffset()
              + " of "
              + source
              + " came to offset "
              + offset
              + " of "
              + note.destination()
              + ", where "
              + due
              + " was due: somebody else writes there. Stop them, and restore into a new topic with"
              + " a new journal");
    }
    bytes += batch.remaining();
  }

  private void delivered(Portion portion) throws IOException {
    portion.map(map, note.first() + position);
    position += portion.records();
    if (portion.firstOffset() >= 0) {
      untouched += portion.isUntouched() ? 1 : 0;
      rebuilt += portion.isUntouched() ? 0 : 1;
    }
  }

  /** How many records went before, padding included. */
  long position() {
    return position;
  }

  /** What was sent, and was there already. */
  Sent sent(long filtered) {
    return new Sent(position - note.padding(), bytes, untouched, rebuilt, filtered);
  }

  /** Sequences begin again behind the greatest int. */
  static int sequence(long records) {
    return (int) (records & Integer.MAX_VALUE);
  }
}
