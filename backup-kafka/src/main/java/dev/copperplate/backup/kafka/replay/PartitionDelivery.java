package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.Batches;
import dev.copperplate.backup.kafka.transport.BatchStream;
import dev.copperplate.backup.kafka.transport.OffsetsGoneException;
import dev.copperplate.backup.kafka.transport.Pace;
import dev.copperplate.backup.kafka.transport.ProducerIdentity;
import dev.copperplate.backup.kafka.transport.RawTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Brings one partition back, from where an attempt before ended. */
final class PartitionDelivery {

  private final SnapshotReader snapshot;
  private final ReplayChoices choices;
  private final Journal journal;
  private final Destination destination;
  private final Pace pace;
  private final Consumer<Finding> report;

  PartitionDelivery(
      SnapshotReader snapshot,
      ReplayChoices choices,
      Journal journal,
      Destination destination,
      Pace pace,
      Consumer<Finding> report) {
    this.snapshot = snapshot;
    this.choices = choices;
    this.journal = journal;
    this.destination = destination;
    this.pace = pace;
    this.report = report;
  }

  /**
   * Delivers all of it. The map is on disk when this returns.
   *
   * @param topicId of the destination
   * @param padding how many records without content go first, if nothing is there yet
   */
  Sent run(Route route, Uuid topicId, long padding, RawTransport transport)
      throws IOException, InterruptedException {
    Optional<PartitionNote> known = journal.partition(route.source());
    if (known.isPresent() && known.get().done().isPresent()) {
      return known.get().done().get();
    }
    PartitionNote note =
        known.isPresent() ? known.get() : begin(route, topicId, padding, transport);
    long there = known.isPresent() ? there(note, transport) : 0;
    Sent sent = deliver(route, note, there, transport);
    if (note.padding() > 0) {
      destination.deleteBefore(note.destination(), note.first() + note.padding());
    }
    journal.write(route.source(), note.done(sent));
    return sent;
  }

  private PartitionNote begin(Route route, Uuid topicId, long padding, RawTransport transport)
      throws IOException, InterruptedException {
    ProducerIdentity producer = transport.initProducerId();
    PartitionNote note =
        new PartitionNote(
            route.destination(),
            topicId,
            producer.id(),
            producer.epoch(),
            destination.end(route.destination()),
            padding,
            digest(snapshot, route, choices),
            Optional.empty());
    journal.write(route.source(), note);
    return note;
  }

  /** What a journal must agree with to go on. */
  static String digest(SnapshotReader snapshot, Route route, ReplayChoices choices) {
    return Digest.of(
        snapshot.snapshot().run(),
        route.source(),
        route.stored(),
        route.destination(),
        choices.offsets(route.source()),
        choices.times(),
        choices.transform() != null);
  }

  /** How many records the attempt before delivered. */
  private long there(PartitionNote note, RawTransport transport)
      throws IOException, InterruptedException {
    long end = destination.end(note.destination());
    if (end > note.first() && !isOurs(note, end, transport) || end < note.first()) {
      throw new BackupException(
          Kind.CONFLICT,
          "The last record of "
              + note.destination()
              + ", before offset "
              + end
              + ", is not the one that was delivered last: somebody else wrote there, or records"
              + " were deleted. Restore into a new topic with a new journal");
    }
    return end - note.first();
  }

  private static boolean isOurs(PartitionNote note, long end, RawTransport transport)
      throws IOException, InterruptedException {
    TopicIdPartition partition = new TopicIdPartition(note.topicId(), note.destination());
    @Nullable Batch last = null;
    try (BatchStream stream = transport.read(partition, end - 1, end, -1)) {
      for (ByteBuffer some = stream.next(); some != null; some = stream.next()) {
        Batches batches = Batches.of(some);
        for (Batch each = batches.next(); each != null; each = batches.next()) {
          last = each;
        }
        if (last != null && last.nextOffset() >= end) {
          break;
        }
      }
      return last != null
          && last.producerId() == note.producerId()
          && last.producerEpoch() == note.producerEpoch()
          && last.baseSequence() == Delivery.sequence(last.baseOffset() - note.first());
    } catch (OffsetsGoneException deleted) {
      return false;
    }
  }

  private Sent deliver(Route route, PartitionNote note, long there, RawTransport transport)
      throws IOException, InterruptedException {
    TopicPartition source = route.source();
    try (PartitionReplay replay = new PartitionReplay(snapshot, source, route.stored(), choices);
        OffsetRuns map = OffsetRuns.create(journal.map(source))) {
      Delivery delivery = new Delivery(source, note, transport, map, pace, there);
      for (long left = note.padding(); left > 0; left -= EmptyPortion.MOST) {
        delivery.send(new EmptyPortion((int) Math.min(left, EmptyPortion.MOST)));
      }
      for (Portion each = replay.next(); each != null; each = replay.next()) {
        delivery.send(each);
      }
      if (delivery.position() < there) {
        throw new BackupException(
            Kind.CONFLICT,
            note.destination()
                + " has "
                + there
                + " records from offset "
                + note.first()
                + " on, of which "
                + delivery.position()
                + " are those of "
                + source
                + ": somebody else writes there");
      }
      map.end(route.stored().to(), note.first() + delivery.position());
      if (replay.damaged() > 0) {
        report.accept(
            Finding.error(
                source.toString(),
                replay.damaged()
                    + " batches were damaged already when the broker sent them, and were left out",
                "partition.json in the snapshot names their offsets"));
      }
      return delivery.sent(replay.filtered());
    }
  }
}
