package dev.copperplate.backup.kafka;

import dev.copperplate.backup.kafka.PreflightReport.Check;
import dev.copperplate.backup.kafka.preflight.Inspection;
import dev.copperplate.backup.kafka.preflight.Wishes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Looks whether a cluster can be backed up, or restored into, as the host means to, before the
 * first time and again from time to time: encryption of the connections, brokers, versions,
 * permissions, and what of the topics a backup does not see.
 *
 * <pre>{@code
 * PreflightReport report =
 *     KafkaPreflight.of(cluster)
 *         .backup(TopicSelection.all())
 *         .every(Duration.ofHours(1))
 *         .strict()
 *         .run();
 * report.findings().forEach(each -> log.info("{}", each));
 * if (!report.passed()) {
 *   throw new IllegalStateException("Not ready for backups");
 * }
 * }</pre>
 *
 * <p>Without {@link #backup} and {@link #restore} it looks at connections, brokers and versions
 * alone. It changes nothing: topics that are not there are asked for with {@code validateOnly}.
 * Best run as the user and from the machine of the backups. Immutable.
 */
public final class KafkaPreflight {

  private final KafkaCluster cluster;
  private final Wishes wishes;

  private KafkaPreflight(KafkaCluster cluster, Wishes wishes) {
    this.cluster = cluster;
    this.wishes = wishes;
  }

  /** A way in which topics come back; each one needs other permissions. */
  public enum Restore {
    /** Records are produced into topics, which are created where they are absent. */
    PRODUCED,
    /** As {@link #PRODUCED}, at their offsets: what fills up to there is deleted again. */
    PADDED,
    /** ACLs, quotas, configurations of topics and SCRAM users. */
    METADATA,
    /** Files are put under stopped brokers; only the topics are created before. */
    ONTO_DISKS
  }

  /** For a cluster. */
  public static KafkaPreflight of(KafkaCluster cluster) {
    return new KafkaPreflight(Objects.requireNonNull(cluster), Wishes.NONE);
  }

  /** For backups of topics. */
  public KafkaPreflight backup(TopicSelection topics) {
    return with(wishes.backup(Objects.requireNonNull(topics)));
  }

  /** With the longest time between two backups, to look whether topics keep records as long. */
  public KafkaPreflight every(Duration between) {
    return with(wishes.every(Objects.requireNonNull(between)));
  }

  /**
   * For a restore.
   *
   * @param way in which it is done; other ways that were said stay
   * @param topics by the names that they get, whether they exist already or not
   */
  public KafkaPreflight restore(Restore way, String... topics) {
    return with(wishes.restore(Objects.requireNonNull(way), List.of(topics)));
  }

  /** For a restore that also commits the offsets of these groups. */
  public KafkaPreflight groups(String... ids) {
    return with(wishes.groups(List.of(ids)));
  }

  /**
   * Whom the commands of the remedies grant to; {@code User:NAME} unless said otherwise.
   *
   * @param name such as {@code User:backup}
   */
  public KafkaPreflight principal(String name) {
    return with(wishes.principal(Objects.requireNonNull(name)));
  }

  /**
   * Makes errors of connections without TLS, or without a look at the name in the certificate,
   * outside of this machine. Then nothing more is asked over them.
   */
  public KafkaPreflight strict() {
    return with(wishes.asStrict());
  }

  /**
   * How long one answer of the cluster may take; 30 seconds unless said otherwise.
   *
   * @throws IllegalArgumentException unless it is more than 0
   */
  public KafkaPreflight limit(Duration most) {
    return with(wishes.limit(most));
  }

  /**
   * Looks at everything that the user may see.
   *
   * @throws dev.copperplate.backup.BackupException if the cluster could not be asked: {@code
   *     DENIED} if the login is refused, {@code UNAVAILABLE}, {@code INVALID} if no client can be
   *     made with the properties
   */
  public PreflightReport run() throws IOException, InterruptedException {
    return new PreflightReport(
        new Inspection(cluster, wishes)
            .run().entrySet().stream()
                .map(each -> new Check(each.getKey(), each.getValue()))
                .toList());
  }

  private KafkaPreflight with(Wishes other) {
    return new KafkaPreflight(cluster, other);
  }

  @Override
  public String toString() {
    return "preflight of " + cluster;
  }
}
