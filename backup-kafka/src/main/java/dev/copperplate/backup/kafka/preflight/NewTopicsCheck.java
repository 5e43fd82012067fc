package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.kafka.KafkaPreflight.Restore;
import dev.copperplate.backup.kafka.cluster.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Whether topics that are to be restored exist already, and whether those that do not can. */
final class NewTopicsCheck implements PreflightCheck {

  private final Admin admin;
  private final Answers answers;
  private final Wishes wishes;
  private final Sight sight;
  private final Commands commands;
  private final Shortfall shortfall = new Shortfall();

  NewTopicsCheck(Admin admin, Answers answers, Wishes wishes, Sight sight, Commands commands) {
    this.admin = admin;
    this.answers = answers;
    this.wishes = wishes;
    this.sight = sight;
    this.commands = commands;
  }

  @Override
  public String subject() {
    return "topics to restore";
  }

  @Override
  public void look(List<Finding> findings) throws BackupException, InterruptedException {
    existing(findings);
    List<String> unknown =
        Stream.concat(sight.absent().stream(), sight.refused().stream())
            .filter(each -> !wishes.ways(each).isEmpty())
            .toList();
    for (String each : unknown) {
      if (wishes.ways(each).equals(List.of(Restore.METADATA))) {
        findings.add(
            Finding.warning(
                subject(),
                "Topic '" + each + "' is not there: its configuration cannot be restored",
                "# restore its records first"));
      } else {
        create(each, findings);
      }
    }
    shortfall.report(subject(), "topic", commands, findings);
  }

  private void existing(List<Finding> findings) {
    List<String> names =
        sight.topics().stream().map(SeenTopic::name).filter(this::isProduced).toList();
    if (!names.isEmpty()) {
      findings.add(
          Finding.warning(
              subject(),
              Names.of("Topic", names)
                  + " exist already: a restore refuses unless it is told to fill or append",
              "# restore under other names, or say intoEmpty() or appending()"));
    }
  }

  private boolean isProduced(String topic) {
    List<Restore> ways = wishes.ways(topic);
    return ways.contains(Restore.PRODUCED) || ways.contains(Restore.PADDED);
  }

  /** Asks whether it could be created; none is. */
  private void create(String name, List<Finding> findings)
      throws BackupException, InterruptedException {
    Map<String, KafkaFuture<Void>> told =
        admin
            .createTopics(
                List.of(new NewTopic(name, Optional.of(1), Optional.empty())),
                answers.within(new CreateTopicsOptions()).validateOnly(true))
            .values();
    try {
      answers.of(
          "A trial creation of topic '" + name + "'", Objects.requireNonNull(told.get(name)));
      unseen(name, findings);
    } catch (BackupException failure) {
      if (failure.getCause() instanceof AuthorizationException) {
        shortfall.add(name, Needs.ofNewTopic(), Set.of());
        unseen(name, findings);
      } else if (failure.kind() == BackupException.Kind.UNAVAILABLE) {
        throw failure;
      } else if (!(failure.getCause() instanceof TopicExistsException)) {
        findings.add(
            Finding.error(
                subject(),
                String.valueOf(failure.getMessage()),
                "# create it before the restore, in the way that this cluster allows"));
      }
    }
  }

  /** Of a topic that is not there no broker tells what one may do. */
  private void unseen(String name, List<Finding> findings) {
    if (sight.absent().contains(name)) {
      List<String> topic = new ArrayList<>(List.of(name));
      findings.add(
          new Finding(
              Finding.Severity.INFO,
              subject(),
              "Topic '" + name + "' is not there: what the user may do with it is seen then only",
              commands.grant(
                  Needs.ofTopic(wishes, name, false).operations().keySet(), "topic", topic)));
    }
  }
}
