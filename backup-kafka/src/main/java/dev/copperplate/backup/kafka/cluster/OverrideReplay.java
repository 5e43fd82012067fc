package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/** Configurations of topics that lack something, or have it otherwise. */
final class OverrideReplay {

  static final String KIND = "configurations";

  private static final int SLICE = 500;

  /** They name brokers by number, which are others elsewhere. */
  private static final Set<String> OF_BROKERS =
      Set.of("leader.replication.throttled.replicas", "follower.replication.throttled.replicas");

  private final Admin admin;
  private final Answers answers;
  private final ReplayWishes wishes;
  private final Consumer<Finding> report;

  OverrideReplay(Admin admin, ReplayWishes wishes, Consumer<Finding> report) {
    this.admin = admin;
    this.answers = new Answers(wishes.limit());
    this.wishes = wishes;
    this.report = report;
  }

  /** The operations on one topic. */
  record Alteration(ConfigResource topic, Collection<AlterConfigOp> operations) {}

  Changes<Alteration> plan(List<TopicMetadata> stored)
      throws BackupException, InterruptedException {
    List<TopicMetadata> set = stored.stream().filter(each -> !restorable(each).isEmpty()).toList();
    List<Change<Alteration>> changes = new ArrayList<>();
    int present = 0;
    int differing = 0;
    for (List<TopicMetadata> slice : Slices.of(set, SLICE)) {
      Map<String, Map<String, String>> there = there(slice);
      for (TopicMetadata each : slice) {
        String name = wishes.nameOf(each.name());
        Map<String, String> now = there.get(name);
        if (now == null) {
          continue;
        }
        Settings settings = new Settings("topic " + name, wishes.replacing());
        restorable(each).forEach((key, value) -> settings.add(key, value, now.get(key)));
        present += settings.isPresent() ? 1 : 0;
        differing += settings.reportLeft(report) ? 1 : 0;
        if (!settings.wanted().isEmpty()) {
          changes.add(change(name, restorable(each), settings));
        }
      }
    }
    return new Changes<>(KIND, changes, present, differing, this::send);
  }

  private static Map<String, String> restorable(TopicMetadata topic) {
    Map<String, String> overrides = new TreeMap<>();
    if (!topic.internal()) {
      topic
          .overrides()
          .forEach(
              (name, value) -> {
                if (value != null && !OF_BROKERS.contains(name)) {
                  overrides.put(name, value);
                }
              });
    }
    return overrides;
  }

  /** Overrides of the topics that are there, by their names now. */
  private Map<String, Map<String, String>> there(List<TopicMetadata> topics)
      throws BackupException, InterruptedException {
    Map<ConfigResource, KafkaFuture<Config>> told =
        admin
            .describeConfigs(
                topics.stream().map(each -> resource(wishes.nameOf(each.name()))).toList(),
                answers.within(new DescribeConfigsOptions()))
            .values();
    Map<String, Map<String, String>> there = new TreeMap<>();
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> each : told.entrySet()) {
      String name = each.getKey().name();
      try {
        Permission needed = Permission.topic("DescribeConfigs", name);
        there.put(
            name,
            overrides(answers.of("Reading what is set of topic " + name, each.getValue(), needed)));
      } catch (BackupException failure) {
        if (failure.kind() != Kind.NOT_FOUND) {
          throw failure;
        }
        report.accept(
            Finding.warning(
                "topic " + name,
                "It is not there: its configuration was not restored",
                "Restore the topic, then this again"));
      }
    }
    return there;
  }

  private static Map<String, String> overrides(Config configuration) {
    return configuration.entries().stream()
        .filter(each -> each.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG)
        .filter(each -> each.value() != null)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  private static Change<Alteration> change(
      String topic, Map<String, String> overrides, Settings settings) {
    List<AlterConfigOp> operations =
        settings.wanted().stream()
            .map(
                each ->
                    new AlterConfigOp(
                        new ConfigEntry(each, overrides.get(each)), AlterConfigOp.OpType.SET))
            .toList();
    return new Change<>(
        resource(topic),
        new Alteration(resource(topic), operations),
        settings.words(),
        settings.lost(),
        Permission.topic("AlterConfigs", topic));
  }

  private Map<?, KafkaFuture<Void>> send(List<Alteration> alterations) {
    return admin
        .incrementalAlterConfigs(
            alterations.stream()
                .collect(Collectors.toMap(Alteration::topic, Alteration::operations)),
            answers.within(new AlterConfigsOptions()))
        .values();
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }
}
