package dev.copperplate.backup.kafka.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.KafkaSegmentsRestorer;
import dev.copperplate.backup.kafka.TopicSelection;
import dev.copperplate.backup.kafka.cluster.Answers;
import dev.copperplate.backup.kafka.cluster.Clients;
import dev.copperplate.backup.kafka.cluster.ClusterDescription;
import dev.copperplate.backup.kafka.cluster.Document;
import dev.copperplate.backup.kafka.cluster.Group;
import dev.copperplate.backup.kafka.cluster.GroupOffsets;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import dev.copperplate.backup.kafka.scratch.ScratchCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.TopicPartition;

/** One drill. */
public final class DrillRun {

  private static final String NAME = "kafka drill";
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final DrillChoices choices;
  private final SnapshotReader snapshot;
  private final RestoreContext context;
  private final Deadline deadline;
  private final Answers answers = new Answers(LIMIT);
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, String> facts = new TreeMap<>();
  private long since;

  public DrillRun(DrillChoices choices, SnapshotReader snapshot, RestoreContext context) {
    this.choices = choices;
    this.snapshot = snapshot;
    this.context = context;
    this.deadline = new Deadline(choices.limit());
  }

  /** Restores, compares, resumes groups, and leaves nothing running. */
  public Verification run() throws IOException, InterruptedException {
    ScratchTopics topics = ScratchTopics.of(new StoredTopics(snapshot), choices);
    Path scratch = context.scratch();
    requireRoom(topics.bytes(), scratch);
    since = System.nanoTime();
    try (ScratchCluster broker = ScratchCluster.start(scratch.resolve("kafka"), 1, Map.of())) {
      create(broker, topics);
      broker.stop();
      phase("start");
      restore(broker, topics);
      long restored = phase("restore");
      broker.start();
      drill(broker, topics, restored);
    }
    fact("topics", topics.topics().size());
    fact("partitions", topics.partitions().size());
    fact("bytes", topics.bytes());
    return Verification.of(NAME, Proof.RESTORED, findings, facts);
  }

  private void create(ScratchCluster broker, ScratchTopics topics)
      throws IOException, InterruptedException {
    try (Admin admin = admin(broker)) {
      requireScratch(broker, admin);
      answers.of(
          "Creating topics on the scratch broker",
          admin.createTopics(topics.created(), answers.within(new CreateTopicsOptions())).all());
    }
    awaitDirectories(broker.broker(1).logDirectory(), topics);
  }

  /** The controller confirms topics before the broker has made place for them. */
  private void awaitDirectories(Path logDirectory, ScratchTopics topics)
      throws IOException, InterruptedException {
    for (TopicPartition each : topics.partitions().keySet()) {
      Path made = logDirectory.resolve(each.toString()).resolve("partition.metadata");
      while (!Files.exists(made)) {
        deadline.pause("waiting for the scratch broker to make " + each);
      }
    }
  }

  /** Whoever answers at the address is to be the broker of this drill, and not the source. */
  private void requireScratch(ScratchCluster broker, Admin admin)
      throws IOException, InterruptedException {
    String answering =
        answers.of(
            "Asking the scratch broker who it is",
            admin.describeCluster(answers.within(new DescribeClusterOptions())).clusterId());
    Optional<String> source =
        Document.CLUSTER.read(snapshot).stream()
            .flatMap(List::stream)
            .map(ClusterDescription::clusterId)
            .findFirst();
    if (!answering.equals(broker.id()) || source.equals(Optional.of(answering))) {
      throw new BackupException(
          Kind.CONFLICT,
          "No drill was made: at "
              + broker.bootstrap()
              + " answers the cluster "
              + answering
              + ", which is not that of the drill. Try again");
    }
  }

  private void restore(ScratchCluster broker, ScratchTopics topics)
      throws IOException, InterruptedException {
    deadline.check("restoring");
    TopicSelection selected = TopicSelection.named(topics.topics().keySet().toArray(String[]::new));
    KafkaSegmentsRestorer.onto(broker.broker(1).logDirectory())
        .topics(selected)
        .restore(snapshot, new DrillContext(context));
  }

  private void drill(ScratchCluster broker, ScratchTopics topics, long restored)
      throws IOException, InterruptedException {
    try (Admin admin = admin(broker)) {
      requireScratch(broker, admin);
      fact("milliseconds", restored + phase("recovery"));
      RecordComparison comparison =
          new RecordComparison(snapshot, broker.bootstrap(), deadline, findings::add);
      for (Map.Entry<TopicPartition, StoredPartition> each : topics.partitions().entrySet()) {
        comparison.run(each.getKey(), each.getValue());
      }
      fact("records", comparison.records());
      phase("check");
      GroupResumption groups =
          new GroupResumption(
              snapshot,
              topics,
              new GroupOffsets(admin, LIMIT),
              broker.bootstrap(),
              deadline,
              findings::add);
      resume(groups);
      fact("groups", groups.groups());
      phase("groups");
    }
  }

  private void resume(GroupResumption resumption) throws IOException, InterruptedException {
    Optional<Cursor<Group>> groups = Document.GROUPS.open(snapshot);
    if (groups.isPresent()) {
      try (Cursor<Group> cursor = groups.get()) {
        for (Group each = cursor.next(); each != null; each = cursor.next()) {
          // What a share group has delivered is not an offset.
          if (!each.type().equals("Share") && choices.groups().test(each.id())) {
            resumption.run(each);
          }
        }
      }
    }
  }

  private static Admin admin(ScratchCluster broker) throws BackupException {
    return Clients.admin(KafkaCluster.of(Map.of("bootstrap.servers", broker.bootstrap())));
  }

  private static void requireRoom(long bytes, Path scratch) throws IOException {
    long room = Files.getFileStore(scratch).getUsableSpace();
    if (bytes > room) {
      throw new BackupException(
          Kind.FULL,
          "No drill was made: the topics have "
              + bytes
              + " bytes, and "
              + scratch.getParent()
              + " has room for "
              + room
              + ". Name a larger scratch directory in the options of the repository, or choose"
              + " fewer topics");
    }
  }

  /** Notes how long it took since the end of the one before. */
  private long phase(String name) {
    long now = System.nanoTime();
    long took = Duration.ofNanos(now - since).toMillis();
    since = now;
    fact(name + "-milliseconds", took);
    return took;
  }

  private void fact(String name, long value) {
    facts.put(name, Long.toString(value));
  }
}
