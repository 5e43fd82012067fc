package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.kafka.cluster.CommittedOffset;
import dev.copperplate.backup.kafka.cluster.Document;
import dev.copperplate.backup.kafka.cluster.Group;
import dev.copperplate.backup.kafka.cluster.PartitionMetadata;
import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads all of a snapshot of topics, and compares it with itself. */
public final class StructureVerifier implements Verifier {

  private static final String NAME = "kafka structure";

  @Override
  public Verification verify(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    context.expect(snapshot.snapshot().files(), snapshot.snapshot().bytes());
    Found found = new Found();
    new Run(new StoredTopics(snapshot), context, found).run();
    return Verification.of(NAME, Proof.DATA, found.findings(), found.facts());
  }

  private static final class Run {

    private final StoredTopics topics;
    private final RestoreContext context;
    private final Found found;
    private final Map<TopicPartition, StoredPartition> held = new ConcurrentHashMap<>();

    Run(StoredTopics topics, RestoreContext context, Found found) {
      this.topics = topics;
      this.context = context;
      this.found = found;
    }

    void run() throws IOException, InterruptedException {
      found.looking(TopicPaths.TOPICS.toString(), this::topics);
      context.workers().join();
      for (Document<?> each :
          List.of(
              Document.CLUSTER,
              Document.ACLS,
              Document.QUOTAS,
              Document.SCRAM,
              Document.TRANSACTIONS)) {
        found.looking(each.path().toString(), () -> read(each));
      }
      found.looking(Document.GROUPS.path().toString(), this::groups);
    }

    private void topics() throws IOException, InterruptedException {
      List<String> names = topics.names();
      if (names.isEmpty()) {
        found.broken(TopicPaths.TOPICS.toString(), "The snapshot has no topic");
      }
      for (String each : names) {
        found.looking(each, () -> topic(each));
      }
    }

    private void topic(String name) throws IOException, InterruptedException {
      found.count("topics", 1);
      TopicMetadata[] document = new TopicMetadata[1];
      found.looking(name, () -> document[0] = topics.topic(name));
      TopicMetadata told = document[0];
      List<Integer> there = topics.partitions(name);
      for (int each : there) {
        submit(new TopicPartition(name, each), told);
      }
      strangers(name, there);
      if (told != null) {
        told.partitions().stream()
            .map(PartitionMetadata::partition)
            .filter(each -> !there.contains(each))
            .forEach(each -> absent(new TopicPartition(name, each)));
      }
    }

    private void submit(TopicPartition name, @Nullable TopicMetadata topic)
        throws IOException, InterruptedException {
      context
          .workers()
          .submit(
              () -> {
                found.looking(name.toString(), () -> partition(name, topic));
                return name;
              });
    }

    private void partition(TopicPartition name, @Nullable TopicMetadata topic)
        throws IOException, InterruptedException {
      StoredPartition stored = topics.partition(name.topic(), name.partition());
      held.put(name, stored);
      new PartitionCheck(topics, name, topic, found).run(stored);
    }

    private void strangers(String topic, List<Integer> partitions) throws IOException {
      for (Entry each : topics.children(TopicPaths.topic(topic))) {
        boolean known =
            each.type() == EntryType.DIRECTORY
                ? partitions.stream().anyMatch(n -> n.toString().equals(name(each)))
                : each.path().equals(TopicPaths.topicDocument(topic));
        if (!known) {
          found.broken(topic, each.path() + " belongs to no partition");
        }
      }
    }

    private static String name(Entry entry) {
      return entry.path().name().toString();
    }

    private void absent(TopicPartition name) {
      found.add(
          Finding.warning(
              name.toString(),
              "The topic has this partition, and the snapshot does not",
              "Look at the findings of the capture, and back up again"));
    }

    private <T> void read(Document<T> document) throws IOException {
      Optional<Cursor<T>> values = document.open(topics.snapshot());
      if (values.isPresent()) {
        try (Cursor<T> cursor = values.get()) {
          T line = cursor.next();
          while (line != null) {
            line = cursor.next();
          }
        }
      }
    }

    private void groups() throws IOException {
      Optional<Cursor<Group>> values = Document.GROUPS.open(topics.snapshot());
      if (values.isPresent()) {
        try (Cursor<Group> cursor = values.get()) {
          for (Group each = cursor.next(); each != null; each = cursor.next()) {
            group(each);
          }
        }
      }
    }

    private void group(Group group) {
      found.count("groups", 1);
      for (CommittedOffset each : group.offsets()) {
        StoredPartition stored = held.get(each.topicPartition());
        if (stored != null) {
          compare("group " + group.id(), each, stored);
        }
      }
    }

    private void compare(String group, CommittedOffset committed, StoredPartition stored) {
      String message =
          "It stands at offset "
              + committed.offset()
              + " of "
              + committed.topicPartition()
              + ", of which "
              + stored.from()
              + " to "
              + stored.to()
              + " are held";
      if (committed.offset() > stored.to()) {
        found.add(
            Finding.warning(
                group, message, "Restored, it begins at the end: what it skips was not captured"));
      } else if (committed.offset() < stored.from()) {
        found.add(Finding.info(group, message + ": the broker had deleted the records between"));
      }
    }
  }
}
