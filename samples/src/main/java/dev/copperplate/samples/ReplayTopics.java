package dev.copperplate.samples;

import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.kafka.KafkaTopicsRestorer;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

/**
 * Sends topics of a snapshot, or a time of them, into a cluster, under their own names or with a
 * prefix, and moves groups to the records that they would have read next.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.ReplayTopics \
 *     --repository PLACE --password-file FILE --snapshot ID --properties client.properties \
 *     --journal DIR [--topic orders] [--from TIME --to TIME] [--prefix replayed.] \
 *     [--group billing] [--dry-run]
 * </pre>
 *
 * <p>The same command with the same journal goes on after any end. Topics that hold records are
 * refused. Exit code 3 means that the records are there, and that findings say what is not.
 */
public final class ReplayTopics {

  private static final String SNAPSHOT = "--snapshot";
  private static final String JOURNAL = "--journal";
  private static final String FROM = "--from";
  private static final String TO = "--to";
  private static final String PREFIX = "--prefix";
  private static final String GROUP = "--group";
  private static final String INTO_EMPTY = "--into-empty";
  private static final String REPLICAS = "--replicas";
  private static final String RATE = "--bytes-per-second";
  private static final String DRY_RUN = "--dry-run";

  static final Program PROGRAM =
      new Program(
          "replay-topics",
          new Syntax(
              "ReplayTopics",
              "Sends topics of a snapshot, or a time of them, into a cluster.",
              "",
              RepositoryAccess.options(
                  Option.required(SNAPSHOT, "ID", "how its id begins, its run, or latest"),
                  KafkaAccess.PROPERTIES_OPTION,
                  Option.required(JOURNAL, "DIR", "of this replay alone, on a disk that stays"),
                  KafkaAccess.TOPICS_OPTION,
                  Option.optional(FROM, "TIME", "only records from it on"),
                  Option.optional(TO, "TIME", "only records before it"),
                  Option.optional(PREFIX, "TEXT", "before the names of the topics"),
                  Option.repeatable(GROUP, "ID", "move this group, which may have no members"),
                  Option.flag(INTO_EMPTY, "also into topics that are there without records"),
                  Option.optional(REPLICAS, "N", "of new topics; as they had unless told"),
                  Option.optional(RATE, "B", "send no faster"),
                  SnapshotChoice.ENVIRONMENT_OPTION,
                  Option.flag(DRY_RUN, "show the plan, and do nothing"))),
          ReplayTopics::run);

  private ReplayTopics() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    KafkaTopicsRestorer restorer = restorer(arguments);
    RepositoryOptions options = RepositoryOptions.DEFAULT.listener(ProgressBars.on(output));
    try (RepositoryAccess access = RepositoryAccess.open(arguments, options)) {
      BackupRepository repository = access.repository();
      Snapshot snapshot =
          SnapshotChoice.of(arguments)
              .find(arguments.required(SNAPSHOT), repository.list(SnapshotFilter.ALL));
      return arguments.has(DRY_RUN)
          ? RestoreSummary.planned(
              PROGRAM.operation(), snapshot, repository.planRestore(snapshot, restorer))
          : summary(snapshot, repository.restore(snapshot, restorer));
    }
  }

  private static KafkaTopicsRestorer restorer(Arguments arguments)
      throws IOException, UsageException {
    KafkaTopicsRestorer restorer =
        KafkaTopicsRestorer.to(KafkaAccess.cluster(arguments), arguments.requiredPath(JOURNAL))
            .topics(KafkaAccess.topics(arguments))
            .groups(Set.copyOf(arguments.all(GROUP)));
    if (arguments.has(PREFIX)) {
      String prefix = arguments.required(PREFIX);
      restorer = restorer.renamed(name -> prefix + name);
    }
    restorer = arguments.has(INTO_EMPTY) ? restorer.intoEmpty() : restorer;
    return numbers(times(restorer, arguments), arguments);
  }

  private static KafkaTopicsRestorer times(KafkaTopicsRestorer restorer, Arguments arguments)
      throws UsageException {
    if (!arguments.has(FROM) && !arguments.has(TO)) {
      return restorer;
    }
    Instant from = arguments.has(FROM) ? Arguments.time(arguments.required(FROM)) : Instant.EPOCH;
    Instant to =
        arguments.has(TO)
            ? Arguments.time(arguments.required(TO))
            : Instant.ofEpochMilli(Long.MAX_VALUE);
    return Arguments.checked(() -> restorer.between(from, to));
  }

  private static KafkaTopicsRestorer numbers(KafkaTopicsRestorer restorer, Arguments arguments)
      throws UsageException {
    return Arguments.checked(
        () -> {
          KafkaTopicsRestorer all = restorer;
          if (arguments.has(REPLICAS)) {
            all = all.replicationFactor(Integer.parseInt(arguments.required(REPLICAS)));
          }
          return arguments.has(RATE)
              ? all.bytesPerSecond(Long.parseLong(arguments.required(RATE)))
              : all;
        });
  }

  private static Summary summary(Snapshot snapshot, RestoreReport report) {
    String records = report.facts().getOrDefault("records", "0");
    return new Summary(PROGRAM.operation(), report.complete() ? ExitCode.SUCCESS : ExitCode.PARTIAL)
        .put("snapshot", snapshot.id().hex())
        .put("destination", report.plan().destination())
        .put("records", records)
        .put("topics", report.facts().getOrDefault("topics", "0"))
        .put("groups", report.facts().getOrDefault("groups", "0"))
        .findings(report.findings())
        .line(
            String.format(
                Locale.ROOT,
                "%s records of snapshot %s came back into %s.",
                records,
                snapshot.id().shortHex(),
                report.plan().destination()));
  }
}
