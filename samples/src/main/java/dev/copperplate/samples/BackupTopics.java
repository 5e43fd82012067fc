package dev.copperplate.samples;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.KafkaPreflight;
import dev.copperplate.backup.kafka.KafkaTopicsSource;
import dev.copperplate.backup.kafka.PreflightReport;
import dev.copperplate.backup.kafka.TopicSelection;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Backs up topics of a Kafka cluster, with its groups, ACLs and quotas. Looks first whether the
 * cluster can be backed up, and shows the commands that change what is in the way.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.BackupTopics \
 *     --repository PLACE --password-file FILE --name NAME --properties client.properties \
 *     [--topic orders --topic 'audit.*'] [--every 1h] [--strict]
 * </pre>
 *
 * <p>The repository is made where there is none. Only what came since the last backup is read. Exit
 * code 1 means that nothing was backed up, 3 that the snapshot is stored, but that something had to
 * be left out.
 */
public final class BackupTopics {

  private static final String NAME = "--name";
  private static final String EVERY = "--every";
  private static final String STRICT = "--strict";
  private static final String RATE = "--bytes-per-second";
  private static final String KEEP_ALL = "--keep-all";
  private static final String ANEW = "--anew";

  static final Program PROGRAM =
      new Program(
          "backup-topics",
          new Syntax(
              "BackupTopics",
              "Backs up topics of a Kafka cluster, with its groups, ACLs and quotas.",
              "",
              RepositoryAccess.options(
                  Option.required(NAME, "NAME", "what the cluster is called in snapshots"),
                  KafkaAccess.PROPERTIES_OPTION,
                  KafkaAccess.TOPICS_OPTION,
                  Option.optional(EVERY, "TIME", "between backups, such as 1h, to check retention"),
                  Option.flag(STRICT, "refuse connections that others can read"),
                  Option.optional(RATE, "B", "read no faster"),
                  Option.flag(KEEP_ALL, "also keep what the brokers have deleted since"),
                  Option.flag(ANEW, "read all again, to see compaction"))),
          BackupTopics::run);

  private BackupTopics() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    KafkaCluster cluster = KafkaAccess.cluster(arguments);
    TopicSelection topics = KafkaAccess.topics(arguments);
    KafkaTopicsSource source = source(cluster, topics, arguments);
    PreflightReport preflight = preflight(cluster, topics, arguments);
    if (!preflight.passed()) {
      return new Summary("backup-topics", ExitCode.FAILURE)
          .findings(preflight.findings())
          .line("Nothing was backed up: the cluster is not ready for it.");
    }
    RepositoryOptions options =
        RepositoryOptions.DEFAULT.environment(HostName.get()).listener(ProgressBars.on(output));
    try (RepositoryAccess access = RepositoryAccess.openOrCreate(arguments, options)) {
      BackupReport report = access.repository().backup(source);
      try (SnapshotReader reader = access.repository().open(report.snapshot())) {
        return summary(preflight, report, reader.manifest().facts());
      }
    }
  }

  private static KafkaTopicsSource source(
      KafkaCluster cluster, TopicSelection topics, Arguments arguments) throws UsageException {
    KafkaTopicsSource source =
        Arguments.checked(() -> KafkaTopicsSource.of(arguments.required(NAME), cluster, topics));
    source = arguments.has(KEEP_ALL) ? source.keepingAll() : source;
    KafkaTopicsSource chosen = arguments.has(ANEW) ? source.anew() : source;
    return arguments.has(RATE)
        ? Arguments.checked(() -> chosen.bytesPerSecond(Long.parseLong(arguments.required(RATE))))
        : chosen;
  }

  private static PreflightReport preflight(
      KafkaCluster cluster, TopicSelection topics, Arguments arguments)
      throws IOException, InterruptedException, UsageException {
    KafkaPreflight preflight = KafkaPreflight.of(cluster).backup(topics);
    if (arguments.has(EVERY)) {
      preflight = preflight.every(Arguments.duration(EVERY, arguments.required(EVERY)));
    }
    return (arguments.has(STRICT) ? preflight.strict() : preflight).run();
  }

  private static Summary summary(
      PreflightReport preflight, BackupReport report, Map<String, String> facts) {
    Snapshot snapshot = report.snapshot();
    List<Finding> findings = new ArrayList<>(preflight.findings());
    findings.addAll(report.findings());
    boolean whole = snapshot.state() == SnapshotState.COMPLETE;
    return new Summary("backup-topics", whole ? ExitCode.SUCCESS : ExitCode.PARTIAL)
        .put("snapshot", snapshot.id().hex())
        .put("run", snapshot.run().value())
        .put("state", snapshot.state().name())
        .put("topics", facts.getOrDefault("topics", ""))
        .put("records", facts.getOrDefault("records", ""))
        .put("groups", facts.getOrDefault("groups", ""))
        .put("transport", facts.getOrDefault("transport", ""))
        .put("bytes", snapshot.bytes())
        .put("bytesStored", report.bytesStored())
        .put("milliseconds", report.took().toMillis())
        .findings(findings)
        .line(
            String.format(
                Locale.ROOT,
                "Snapshot %s is %s: %s records of %s topics, %s, stored as %s in %s.",
                snapshot.id().shortHex(),
                Words.lower(snapshot.state()),
                facts.getOrDefault("records", "?"),
                facts.getOrDefault("topics", "?"),
                Bytes.text(snapshot.bytes()),
                Bytes.text(report.bytesStored()),
                Bytes.text(report.took())));
  }
}
