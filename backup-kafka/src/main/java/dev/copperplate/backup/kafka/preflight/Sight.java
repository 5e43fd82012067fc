package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.kafka.cluster.Answers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** Topics, as the user sees them. Used by one thread. */
final class Sight {

  private static final int SLICE = 500;

  private final Admin admin;
  private final Answers answers;
  private final Wishes wishes;
  private final List<SeenTopic> topics = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final List<String> absent = new ArrayList<>();

  Sight(Admin admin, Answers answers, Wishes wishes) {
    this.admin = admin;
    this.answers = answers;
    this.wishes = wishes;
  }

  /** What the cluster answers; empty if the user may not have it. */
  static <T> Optional<T> ask(Answers answers, String doing, Future<T> answer)
      throws BackupException, InterruptedException {
    try {
      return Optional.of(answers.of(doing, answer));
    } catch (BackupException failure) {
      if (failure.getCause() instanceof AuthorizationException) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** Looks at all topics that are to be backed up or restored. */
  Sight look() throws BackupException, InterruptedException {
    Set<String> stored = stored();
    Set<String> names = new TreeSet<>(stored);
    names.addAll(wishes.restored());
    List<String> all = List.copyOf(names);
    for (int i = 0; i < all.size(); i += SLICE) {
      look(all.subList(i, Math.min(i + SLICE, all.size())), stored::contains);
    }
    return this;
  }

  /** Names that are selected, those that nobody sees included. */
  private Set<String> stored() throws BackupException, InterruptedException {
    if (wishes.topics().isEmpty()) {
      return Set.of();
    }
    Map<String, TopicListing> listed =
        answers
            .of(
                "Listing topics",
                admin
                    .listTopics(answers.within(new ListTopicsOptions()).listInternal(true))
                    .listings())
            .stream()
            .collect(Collectors.toMap(TopicListing::name, each -> each));
    Set<String> names = new TreeSet<>(wishes.topics().get().missing(listed.keySet()));
    listed.values().stream()
        .filter(each -> wishes.topics().get().includes(each.name(), each.isInternal()))
        .forEach(each -> names.add(each.name()));
    return names;
  }

  private void look(List<String> names, Predicate<String> stored)
      throws BackupException, InterruptedException {
    Map<String, KafkaFuture<TopicDescription>> told =
        admin
            .describeTopics(
                TopicCollection.ofTopicNames(names),
                answers.within(new DescribeTopicsOptions()).includeAuthorizedOperations(true))
            .topicNameValues();
    List<TopicDescription> seen = new ArrayList<>();
    for (String each : names) {
      try {
        ask(answers, "Describing topic " + each, Objects.requireNonNull(told.get(each)))
            .ifPresentOrElse(seen::add, () -> refused.add(each));
      } catch (BackupException failure) {
        if (failure.kind() != BackupException.Kind.NOT_FOUND) {
          throw failure;
        }
        absent.add(each);
      }
    }
    Map<String, Map<String, String>> settings = settings(seen);
    for (TopicDescription each : seen) {
      topics.add(
          new SeenTopic(
              each.name(),
              each.partitions(),
              Optional.ofNullable(each.authorizedOperations()),
              settings.getOrDefault(each.name(), Map.of()),
              stored.test(each.name())));
    }
  }

  private Map<String, Map<String, String>> settings(List<TopicDescription> seen)
      throws BackupException, InterruptedException {
    Map<ConfigResource, KafkaFuture<Config>> told =
        admin
            .describeConfigs(
                seen.stream()
                    .map(each -> new ConfigResource(ConfigResource.Type.TOPIC, each.name()))
                    .toList(),
                answers.within(new DescribeConfigsOptions()))
            .values();
    Map<String, Map<String, String>> all = new HashMap<>();
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> each : told.entrySet()) {
      String topic = each.getKey().name();
      try {
        ask(answers, "Reading the configuration of topic " + topic, each.getValue())
            .ifPresent(config -> all.put(topic, values(config)));
      } catch (BackupException failure) {
        if (failure.kind() != BackupException.Kind.NOT_FOUND) { // deleted in between
          throw failure;
        }
      }
    }
    return all;
  }

  private static Map<String, String> values(Config config) {
    return config.entries().stream()
        .filter(each -> each.value() != null)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  /** Those that may be described. */
  List<SeenTopic> topics() {
    return topics;
  }

  /** Those that may be described and are to be backed up. */
  List<SeenTopic> stores() {
    return topics.stream().filter(SeenTopic::backup).toList();
  }

  /** Those that may not be described, whether they exist or not. */
  List<String> refused() {
    return refused;
  }

  /** Those that do not exist. */
  List<String> absent() {
    return absent;
  }
}
