package dev.copperplate.backup.kafka;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.kafka.drill.DrillChoices;
import dev.copperplate.backup.kafka.drill.DrillRun;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Restores topics of a snapshot onto the disk of a broker in this process, as {@link
 * KafkaSegmentsRestorer} does, reads them with a stock consumer and compares every committed record
 * with the snapshot: offset, timestamp, key, value, and headers in their order. Then it commits the
 * offsets of each group, joins it with a real consumer, and looks whether that resumes at the first
 * record at or behind the committed offset.
 *
 * <p><b>It reaches nothing.</b> The broker is a cluster of its own on loopback, in the scratch
 * directory of the run, and is gone when the run ends. No address of the snapshot is connected to,
 * and no configuration of it is used. Who answers is asked for its identity before anything is
 * written.
 *
 * <p>Proves {@code RESTORED}. An {@code ERROR} is a record that is missing, too many or different,
 * and a group that resumes elsewhere; a partition is not compared further behind the first. {@code
 * INFO}: a group that stands outside of what is held. Share groups, and topics that Kafka keeps for
 * itself, are not drilled. Neither contents of records nor of headers are in any message.
 *
 * <p>Facts: {@code topics}, {@code partitions}, {@code records} that are equal, {@code bytes},
 * {@code groups} that resumed; {@code milliseconds} from the first byte restored to the first
 * answer of the broker, of which {@code restore-milliseconds} and {@code recovery-milliseconds};
 * besides {@code start-milliseconds} for the empty broker and its topics, {@code
 * check-milliseconds} and {@code groups-milliseconds}.
 *
 * <p>Throws {@code UNSUPPORTED} where no broker is on the class path ({@code
 * org.apache.kafka:kafka_2.13} in the version of kafka-clients), {@code FULL} before anything is
 * written where the scratch directory has not the room, {@code NOT_FOUND} if the snapshot has none
 * of the topics, {@code UNAVAILABLE} when the time is over. One drill in a verification. Immutable
 * and thread-safe.
 */
public final class KafkaDrill implements Verifier {

  private final DrillChoices choices;

  private KafkaDrill(DrillChoices choices) {
    this.choices = choices;
  }

  /** A drill of all topics and groups, within six hours. */
  public static KafkaDrill create() {
    return new KafkaDrill(DrillChoices.DEFAULT);
  }

  /** Of these topics alone. */
  public KafkaDrill topics(TopicSelection topics) {
    return new KafkaDrill(choices.topics(Objects.requireNonNull(topics)));
  }

  /** Of these groups alone, by their ids. A group takes about a second. */
  public KafkaDrill groups(Predicate<String> groups) {
    return new KafkaDrill(choices.groups(Objects.requireNonNull(groups)));
  }

  /**
   * With another limit for all of it.
   *
   * @throws IllegalArgumentException unless it is more than 0
   */
  public KafkaDrill within(Duration limit) {
    return new KafkaDrill(choices.limit(limit));
  }

  @Override
  public Verification verify(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    return new DrillRun(choices, snapshot, context).run();
  }

  @Override
  public String toString() {
    return "Kafka drill of " + choices.topics();
  }
}
