package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.kafka.layout.StoredFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says of what comes back of a topic what the broker would do to it. */
final class TopicRemarks {

  /** What brokers have where nothing is set. */
  private static final Duration RETENTION = Duration.ofDays(7);

  private final Instant now;
  private final Consumer<Finding> report;

  TopicRemarks(Instant now, Consumer<Finding> report) {
    this.now = now;
    this.report = report;
  }

  /** Looks at the partitions of one topic. */
  void of(StoredTopic topic, List<PartitionTask> tasks) {
    Map<String, @Nullable String> settings = topic.metadata().overrides();
    @Nullable String told = settings.get("cleanup.policy");
    String policy = told == null ? "delete" : told;
    if (policy.contains("delete")) {
      age(topic, tasks, number(settings, "retention.ms"));
      size(topic, tasks, number(settings, "retention.bytes"));
    }
    if (policy.contains("compact")) {
      report.accept(
          Finding.info(
              topic.name(),
              "It was compacted; where it is so here, the broker takes older values of a key, and"
                  + " tombstones, once it runs"));
    }
  }

  private void age(StoredTopic topic, List<PartitionTask> tasks, OptionalLong set) {
    long retention = set.orElse(RETENTION.toMillis());
    OptionalLong oldest =
        files(tasks).stream().mapToLong(StoredFile::maxTimestamp).filter(each -> each >= 0).min();
    if (retention >= 0
        && oldest.isPresent()
        && oldest.getAsLong() < now.toEpochMilli() - retention) {
      warn(
          topic,
          "Records up to "
              + Instant.ofEpochMilli(oldest.getAsLong())
              + " and later come back, and with retention.ms="
              + retention
              + (set.isPresent() ? ", as it was set," : ", which is Kafka's default,")
              + " the broker deletes them as soon as it runs");
    }
  }

  private void size(StoredTopic topic, List<PartitionTask> tasks, OptionalLong set) {
    long most = tasks.stream().mapToLong(each -> each.partition().bytes()).max().orElse(0);
    if (set.isPresent() && set.getAsLong() >= 0 && most > set.getAsLong()) {
      warn(
          topic,
          "A partition comes back with "
              + most
              + " bytes, and with retention.bytes="
              + set.getAsLong()
              + ", as it was set, the broker deletes the older ones as soon as it runs");
    }
  }

  private void warn(StoredTopic topic, String message) {
    report.accept(
        Finding.warning(
            topic.name(),
            message,
            "Before the brokers are stopped: kafka-configs.sh --bootstrap-server … --alter"
                + " --entity-type topics --entity-name "
                + topic.name()
                + " --add-config retention.ms=-1,retention.bytes=-1"));
  }

  private static List<StoredFile> files(List<PartitionTask> tasks) {
    return tasks.stream().flatMap(each -> each.partition().files().stream()).toList();
  }

  private static OptionalLong number(Map<String, @Nullable String> settings, String name) {
    @Nullable String value = settings.get(name);
    try {
      return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    } catch (NumberFormatException unknown) {
      return OptionalLong.empty();
    }
  }
}
