package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * Brings metadata of a snapshot back into a cluster: configurations of topics, quotas, SCRAM users,
 * and last ACLs, of which those that deny come last.
 *
 * <p>What is missing is created. What is there otherwise is named and left, or set when that is
 * wished. What the snapshot does not have is never touched.
 *
 * <p>Used by one thread: first {@link #plan}, which changes nothing, then {@link #run}. The client
 * stays open.
 */
public final class MetadataReplay {

  private static final EntryPath TOPICS = EntryPath.of("topics");

  private final Admin admin;
  private final String bootstrap;
  private final ReplayWishes wishes;
  private final Consumer<Finding> report;
  private final List<Changes<?>> all = new ArrayList<>();

  /**
   * @param bootstrap servers, for the commands that grant what is missing
   * @param report takes findings
   */
  public MetadataReplay(
      Admin admin, String bootstrap, ReplayWishes wishes, Consumer<Finding> report) {
    this.admin = admin;
    this.bootstrap = bootstrap;
    this.wishes = wishes;
    this.report = report;
  }

  /**
   * Finds out what is to be done.
   *
   * @param destination how people call the cluster
   * @throws BackupException {@code INVALID} if the snapshot holds no metadata of a cluster, {@code
   *     DENIED} if one may not see what is there
   */
  public RestorePlan plan(SnapshotReader snapshot, String destination)
      throws IOException, InterruptedException {
    all.clear();
    if (snapshot.entry(Document.CLUSTER.path()).isEmpty()) {
      throw new BackupException(
          Kind.INVALID,
          "Snapshot "
              + snapshot.snapshot().run()
              + " holds no metadata of a cluster: choose one of a source kafka-topics");
    }
    if (wishes.overrides()) {
      all.add(new OverrideReplay(admin, wishes, report).plan(topics(snapshot)));
    }
    if (wishes.quotas()) {
      all.add(
          new QuotaReplay(admin, wishes, report).plan(stored(Document.QUOTAS, "quotas", snapshot)));
    }
    planScram(snapshot);
    if (wishes.acls()) {
      all.add(new AclReplay(admin, wishes, report).plan(stored(Document.ACLS, "ACLs", snapshot)));
    }
    return new RestorePlan(
        destination,
        changes().map(Change::words).toList(),
        changes().flatMap(each -> each.destroys().stream()).toList(),
        0);
  }

  private Stream<Change<?>> changes() {
    return all.stream().flatMap(each -> each.changes().stream());
  }

  private void planScram(SnapshotReader snapshot) throws IOException, InterruptedException {
    if (wishes.passwords().isPresent()) {
      all.add(
          new ScramReplay(admin, wishes, wishes.passwords().get(), report)
              .plan(stored(Document.SCRAM, "SCRAM users", snapshot)));
    } else {
      int users = Document.SCRAM.read(snapshot).map(List::size).orElse(0);
      if (users > 0) {
        report.accept(
            Finding.info("SCRAM users", "Not restored: nobody supplied passwords of " + users));
      }
    }
  }

  private <T> List<T> stored(Document<T> document, String what, SnapshotReader snapshot)
      throws IOException {
    Optional<List<T>> stored = document.read(snapshot);
    if (stored.isEmpty()) {
      report.accept(
          Finding.warning(
              what,
              "They could not be seen when the snapshot was made: none were restored",
              "/cluster/cluster.json of the snapshot says why"));
    }
    return stored.orElse(List.of());
  }

  private static List<TopicMetadata> topics(SnapshotReader snapshot) throws IOException {
    List<TopicMetadata> topics = new ArrayList<>();
    if (snapshot.entry(TOPICS).isEmpty()) {
      return topics;
    }
    try (Cursor<Entry> entries = snapshot.walk(TOPICS, 1)) {
      for (Entry each = entries.next(); each != null; each = entries.next()) {
        if (each.type() == EntryType.DIRECTORY) {
          topics.addAll(topic(snapshot, each.path()));
        }
      }
    }
    return topics;
  }

  private static List<TopicMetadata> topic(SnapshotReader snapshot, EntryPath directory)
      throws IOException {
    List<TopicMetadata> told =
        Document.topic(directory.child("topic.json")).read(snapshot).orElse(List.of());
    for (TopicMetadata each : told) {
      if (!each.name().equals(directory.name().toString())) {
        throw new BackupException(
            Kind.DAMAGED, directory + " in the snapshot is of another topic: use another snapshot");
      }
    }
    return told;
  }

  /**
   * Does what was planned. What the cluster refuses is reported as an error, and the rest goes on.
   *
   * @return how many were {@code created}, {@code present} and {@code differing} of each kind, such
   *     as {@code acls.created}
   */
  public Map<String, String> run() throws InterruptedException {
    Answers answers = new Answers(wishes.limit());
    Map<String, String> facts = new TreeMap<>();
    for (Changes<?> each : all) {
      int done = each.apply(answers, bootstrap, report);
      facts.put(each.kind() + ".created", Integer.toString(done));
      facts.put(each.kind() + ".present", Integer.toString(each.present()));
      facts.put(each.kind() + ".differing", Integer.toString(each.differing()));
    }
    return facts;
  }
}
