package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Task;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.OffsetMap;
import dev.copperplate.backup.kafka.cluster.Clients;
import dev.copperplate.backup.kafka.cluster.GroupOffsets;
import dev.copperplate.backup.kafka.layout.Hole;
import dev.copperplate.backup.kafka.transport.Pace;
import dev.copperplate.backup.kafka.transport.RawTransport;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import dev.copperplate.backup.kafka.transport.TransportPool;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** One restore of topics. */
public final class TopicsReplay {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final KafkaCluster cluster;
  private final Path directory;
  private final Journal journal;
  private final ReplayChoices choices;
  private final SnapshotReader snapshot;
  private final RestoreContext context;

  public TopicsReplay(
      KafkaCluster cluster,
      Path journal,
      ReplayChoices choices,
      SnapshotReader snapshot,
      RestoreContext context) {
    this.cluster = cluster;
    this.directory = journal;
    this.journal = Journal.at(journal);
    this.choices = choices;
    this.snapshot = snapshot;
    this.context = context;
  }

  /** Restores, or goes on with what was begun. */
  public RestoreReport run() throws IOException, InterruptedException {
    requireUnfinished();
    try (Admin admin = Clients.admin(cluster)) {
      context.attach(() -> admin.close(Duration.ZERO));
      Destination destination = new Destination(admin);
      List<TopicRoute> routes = new TopicRoutes(snapshot, choices, context::report).routes();
      routes.forEach(this::reportHoles);
      requireSameAsBefore(routes);
      DestinationTopics topics =
          new DestinationTopics(destination, choices, journal, context::report);
      GroupReplay groups = new GroupReplay(snapshot, choices, journal, context::report);
      GroupOffsets offsets = new GroupOffsets(admin, LIMIT);

      List<String> steps = new ArrayList<>();
      for (TopicRoute each : routes) {
        steps.add(topics.plan(each));
      }
      Map<TopicPartition, Long> padding =
          new Padding(snapshot, choices, journal, destination).of(routes);
      padding.forEach((partition, count) -> steps.add(paddingStep(partition, count)));
      steps.addAll(groups.plan(sources(routes), offsets));
      RestorePlan plan = new RestorePlan(cluster.toString(), steps, List.of(), bytes(routes));
      context.begin(plan);

      Closeable lock = journal.lock();
      try {
        requireUnfinished();
        Map<String, Uuid> ids = topics.make(routes);
        Sent sent = deliver(routes, ids, padding, destination);
        topics.finish(routes);
        int moved = groups.run(OffsetMap.open(directory), offsets);
        journal.complete();
        return report(plan, routes, sent, moved);
      } finally {
        lock.close();
      }
    }
  }

  private void requireUnfinished() throws BackupException {
    if (journal.isComplete()) {
      throw new BackupException(
          Kind.ALREADY_EXISTS,
          "The restore of journal "
              + journal
              + " is complete. Another one needs a journal of its own");
    }
  }

  private void requireSameAsBefore(List<TopicRoute> routes) throws IOException {
    for (TopicRoute topic : routes) {
      for (Route each : topic.partitions()) {
        Optional<PartitionNote> note = journal.partition(each.source());
        if (note.isPresent()) {
          requireSame(each, note.get());
        }
      }
    }
  }

  private void requireSame(Route route, PartitionNote note) throws BackupException {
    if (!note.digest().equals(PartitionDelivery.digest(snapshot, route, choices))) {
      throw new BackupException(
          Kind.INVALID,
          "Journal "
              + journal
              + " is of a restore of "
              + route.source()
              + " with other choices or of another snapshot: only the same can be gone on with");
    }
    if (choices.existing() == ReplayChoices.Existing.APPENDED && note.done().isEmpty()) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "Appending of "
              + route.source()
              + " to "
              + note.destination()
              + " ended half-way, and nobody knows which records there are its own: offset "
              + note.first()
              + " is the first that may be. Delete what is behind it, or restore into a new topic,"
              + " with a new journal");
    }
  }

  private void reportHoles(TopicRoute topic) {
    for (Route route : topic.partitions()) {
      for (Hole each : route.stored().holes()) {
        if (each.reason() == Hole.Reason.RETENTION) {
          context.report(
              Finding.info(
                  route.source().toString(),
                  "Offsets "
                      + each.from()
                      + " to "
                      + (each.to() - 1)
                      + " are not in the snapshot: the broker had deleted them"));
        }
      }
    }
  }

  private static String paddingStep(TopicPartition partition, long count) {
    return "put " + count + " records without content before those of " + partition;
  }

  private static Set<TopicPartition> sources(List<TopicRoute> routes) {
    return routes.stream()
        .flatMap(each -> each.partitions().stream())
        .map(Route::source)
        .collect(Collectors.toSet());
  }

  private static long bytes(List<TopicRoute> routes) {
    return routes.stream()
        .flatMap(each -> each.partitions().stream())
        .mapToLong(each -> each.stored().bytes())
        .sum();
  }

  private Sent deliver(
      List<TopicRoute> routes,
      Map<String, Uuid> ids,
      Map<TopicPartition, Long> padding,
      Destination destination)
      throws IOException, InterruptedException {
    PartitionDelivery delivery =
        new PartitionDelivery(
            snapshot,
            choices,
            journal,
            destination,
            new Pace(choices.bytesPerSecond(), System::nanoTime),
            context::report);
    List<Task<Sent>> tasks = new ArrayList<>();
    try (TransportPool<RawTransport> sinks =
        context.attach(
            new TransportPool<>(() -> RawTransport.of(cluster, TransportOptions.DEFAULTS)))) {
      for (TopicRoute topic : routes) {
        Uuid id = ids.getOrDefault(topic.destination(), Uuid.ZERO_UUID);
        for (Route each : topic.partitions()) {
          long records = padding.getOrDefault(each.source(), 0L);
          tasks.add(context.workers().submit(() -> with(sinks, delivery, each, id, records)));
        }
      }
      context.workers().join();
    }
    Sent all = Sent.NOTHING;
    for (Task<Sent> each : tasks) {
      all = all.plus(each.get());
    }
    return all;
  }

  private static Sent with(
      TransportPool<RawTransport> sinks,
      PartitionDelivery delivery,
      Route route,
      Uuid id,
      long padding)
      throws IOException, InterruptedException {
    RawTransport transport = sinks.take();
    Sent sent = delivery.run(route, id, padding, transport);
    sinks.give(transport);
    return sent;
  }

  private static RestoreReport report(
      RestorePlan plan, List<TopicRoute> routes, Sent sent, int groups) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("topics", Integer.toString(routes.size()));
    facts.put("records", Long.toString(sent.records()));
    facts.put("batches-untouched", Long.toString(sent.untouched()));
    facts.put("batches-rebuilt", Long.toString(sent.rebuilt()));
    facts.put("filtered", Long.toString(sent.filtered()));
    facts.put("groups", Integer.toString(groups));
    return new RestoreReport(plan, Optional.empty(), facts, 0, sent.bytes(), List.of());
  }
}
