package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Makes the topics that are not there, and looks whether the others may be written to. */
final class DestinationTopics {

  private static final Set<String> OF_BROKERS =
      Set.of("leader.replication.throttled.replicas", "follower.replication.throttled.replicas");

  private static final String TIMESTAMPS = "message.timestamp.type";

  private final Destination destination;
  private final ReplayChoices choices;
  private final Journal journal;
  private final Consumer<Finding> report;

  DestinationTopics(
      Destination destination, ReplayChoices choices, Journal journal, Consumer<Finding> report) {
    this.destination = destination;
    this.choices = choices;
    this.journal = journal;
    this.report = report;
  }

  /**
   * Says what will be done for a topic, and changes nothing.
   *
   * @throws BackupException {@code ALREADY_EXISTS} if it is there and may not be taken; {@code
   *     CONFLICT} if it is not the one of the attempt before
   */
  String plan(TopicRoute route) throws IOException, InterruptedException {
    Optional<TopicNote> note = journal.topic(route.source());
    Optional<TopicDescription> there = destination.topic(route.destination());
    if (note.isPresent()) {
      return planAgain(route, note.get(), there);
    }
    if (there.isEmpty()) {
      return "create " + words(route);
    }
    requireTakeable(route, there.get());
    return "write "
        + route.source()
        + " into topic "
        + route.destination()
        + ", which is there"
        + (choices.existing() == ReplayChoices.Existing.EMPTY ? " and empty" : "");
  }

  private String planAgain(TopicRoute route, TopicNote note, Optional<TopicDescription> there)
      throws IOException, InterruptedException {
    if (!note.destination().equals(route.destination())) {
      throw new BackupException(
          Kind.INVALID,
          "Journal "
              + journal
              + " is of a restore of "
              + route.source()
              + " to "
              + note.destination()
              + ", not to "
              + route.destination());
    }
    if (note.id().isPresent()) {
      Uuid now = there.map(TopicDescription::topicId).orElse(Uuid.ZERO_UUID);
      if (!now.equals(note.id().get())) {
        throw new BackupException(
            Kind.CONFLICT,
            "Topic "
                + route.destination()
                + (there.isEmpty() ? " is gone" : " is another one")
                + " since journal "
                + journal
                + " was begun: begin with a new journal");
      }
      return "go on writing " + route.source() + " into topic " + route.destination();
    }
    if (there.isPresent()) {
      requireEmpty(route, there.get());
    }
    return "create " + words(route);
  }

  private void requireTakeable(TopicRoute route, TopicDescription there)
      throws BackupException, InterruptedException {
    if (choices.existing() == ReplayChoices.Existing.REFUSED) {
      throw new BackupException(
          Kind.ALREADY_EXISTS,
          "Topic "
              + route.destination()
              + " is there already. Restore under another name with renamed, or say intoEmpty or"
              + " appending");
    }
    if (there.partitions().size() < route.count()) {
      throw new BackupException(
          Kind.INVALID,
          "Topic "
              + route.destination()
              + " has "
              + there.partitions().size()
              + " partitions; "
              + route.count()
              + " are needed for "
              + route.source());
    }
    if (choices.existing() == ReplayChoices.Existing.EMPTY) {
      requireEmpty(route, there);
    }
  }

  private void requireEmpty(TopicRoute route, TopicDescription there)
      throws BackupException, InterruptedException {
    for (int i = 0; i < there.partitions().size(); i++) {
      TopicPartition partition = new TopicPartition(route.destination(), i);
      if (!destination.isEmpty(partition)) {
        throw new BackupException(
            Kind.ALREADY_EXISTS,
            partition + " has records. Restore under another name with renamed, or say appending");
      }
    }
  }

  private String words(TopicRoute route) {
    Map<String, String> overrides = overrides(route);
    return "topic "
        + route.destination()
        + (route.destination().equals(route.source()) ? "" : " of " + route.source())
        + " with "
        + route.count()
        + (route.count() == 1 ? " partition, " : " partitions, ")
        + replicas(route)
        + (replicas(route) == 1 ? " replica" : " replicas")
        + (overrides.isEmpty()
            ? ""
            : overrides.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(", ", ", ", "")));
  }

  private int replicas(TopicRoute route) {
    return choices.replicationFactor().orElse(route.stored().replicationFactor());
  }

  private static Map<String, String> overrides(TopicRoute route) {
    Map<String, String> all = new TreeMap<>();
    for (Map.Entry<String, @Nullable String> each : route.stored().overrides().entrySet()) {
      String value = each.getValue();
      if (value != null && !OF_BROKERS.contains(each.getKey())) {
        all.put(each.getKey(), value);
      }
    }
    return all;
  }

  /** Makes what is not there. The ids of all, by the name in the destination. */
  Map<String, Uuid> make(List<TopicRoute> routes) throws IOException, InterruptedException {
    for (TopicRoute each : routes) {
      begin(each);
    }
    Map<String, Uuid> ids = new HashMap<>();
    for (TopicRoute each : routes) {
      TopicDescription ready = destination.ready(each.destination());
      TopicNote note = journal.topic(each.source()).orElseThrow();
      if (note.id().isEmpty()) {
        journal.write(
            each.source(),
            new TopicNote(each.destination(), note.made(), Optional.of(ready.topicId())));
      }
      ids.put(each.destination(), ready.topicId());
    }
    return ids;
  }

  private void begin(TopicRoute route) throws IOException, InterruptedException {
    Optional<TopicNote> note = journal.topic(route.source());
    boolean there = destination.topic(route.destination()).isPresent();
    if (note.isEmpty()) {
      boolean taken = there && choices.existing() != ReplayChoices.Existing.REFUSED;
      journal.write(route.source(), new TopicNote(route.destination(), !taken, Optional.empty()));
      if (!taken) {
        create(route);
      }
    } else if (note.get().id().isEmpty() && !there) {
      create(route);
    }
  }

  private void create(TopicRoute route) throws BackupException, InterruptedException {
    OptionalInt factor = choices.replicationFactor();
    Map<String, String> overrides = overrides(route);
    overrides.keySet().removeAll(late(route).keySet());
    try {
      destination.create(
          new NewTopic(route.destination(), route.count(), (short) replicas(route))
              .configs(overrides));
    } catch (BackupException failure) {
      if (factor.isEmpty() && failure.kind() == Kind.INVALID) {
        throw new BackupException(
            failure.kind(),
            failure.getMessage() + " (replicationFactor chooses another number of replicas)",
            failure);
      }
      throw failure;
    }
    reportHidden(route);
  }

  private void reportHidden(TopicRoute route) {
    List<String> hidden = new ArrayList<>();
    route
        .stored()
        .overrides()
        .forEach((name, value) -> hidden.addAll(value == null ? List.of(name) : List.of()));
    if (!hidden.isEmpty() || !route.stored().overridesKnown()) {
      report.accept(
          Finding.warning(
              route.destination(),
              hidden.isEmpty()
                  ? "The configuration of " + route.source() + " was not seen at the source"
                  : "The values of " + String.join(", ", hidden) + " were not seen at the source",
              "Set it by hand"));
    }
  }

  /** A broker that is to give times itself would give new ones. */
  private static Map<String, String> late(TopicRoute route) {
    Map<String, String> late = new TreeMap<>(overrides(route));
    late.keySet().retainAll(Set.of(TIMESTAMPS));
    return late;
  }

  /** Sets what would have been in the way of the records. */
  void finish(List<TopicRoute> routes) throws IOException, InterruptedException {
    for (TopicRoute each : routes) {
      Map<String, String> late = late(each);
      if (!late.isEmpty() && journal.topic(each.source()).orElseThrow().made()) {
        destination.configure(each.destination(), late);
      }
    }
  }
}
