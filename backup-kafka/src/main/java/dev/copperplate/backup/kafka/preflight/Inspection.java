package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.cluster.Answers;
import dev.copperplate.backup.kafka.cluster.Clients;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.Node;

/** All checks of one cluster, one after the other. */
public final class Inspection {

  private final KafkaCluster cluster;
  private final Wishes wishes;
  private final Answers answers;
  private final Commands commands;
  private final Map<String, List<Finding>> results = new LinkedHashMap<>();

  public Inspection(KafkaCluster cluster, Wishes wishes) {
    this.cluster = cluster;
    this.wishes = wishes;
    this.answers = new Answers(wishes.limit());
    this.commands = new Commands(cluster.bootstrap(), wishes.principal());
  }

  /**
   * Looks at everything that may be looked at.
   *
   * @return findings by what was looked at, in that order; none where all is well
   * @throws BackupException if the cluster cannot be asked
   */
  public Map<String, List<Finding>> run() throws IOException, InterruptedException {
    Protection protection = Protection.of(cluster.properties());
    if (!look(
        new ConnectionCheck(
            "connection", protection, Address.all(cluster.bootstrap()), wishes.strict()))) {
      return results;
    }
    look(ClientsCheck.here());
    try (Admin admin = Clients.admin(cluster)) {
      connected(admin, protection);
    }
    return results;
  }

  private void connected(Admin admin, Protection protection)
      throws IOException, InterruptedException {
    DescribeClusterResult told =
        admin.describeCluster(
            answers.within(new DescribeClusterOptions()).includeAuthorizedOperations(true));
    Collection<Node> brokers = answers.of("Asking " + cluster + " for its brokers", told.nodes());
    if (!look(
        new ConnectionCheck(
            "advertised addresses",
            protection,
            brokers.stream().map(Address::of).toList(),
            wishes.strict()))) {
      return;
    }
    look(new BrokersCheck(admin, answers, brokers));
    look(new TransportCheck(cluster, wishes.limit()));
    if (wishes.topics().isPresent() || !wishes.restores().isEmpty()) {
      look(
          new ClusterPermissionCheck(
              wishes,
              answers.of("Asking what the user may do", told.authorizedOperations()),
              commands));
      topics(admin);
    }
    groups(admin);
  }

  private void topics(Admin admin) throws IOException, InterruptedException {
    Sight sight = new Sight(admin, answers, wishes).look();
    look(new TopicPermissionCheck(wishes, sight, commands));
    if (wishes.topics().isPresent()) {
      look(new SelectionCheck(wishes, sight));
      look(new PartitionsCheck(sight.stores(), commands));
      look(new SettingsCheck(sight.stores(), wishes, commands));
    }
    if (!wishes.restores().isEmpty()) {
      look(new NewTopicsCheck(admin, answers, wishes, sight, commands));
    }
  }

  private void groups(Admin admin) throws IOException, InterruptedException {
    if (wishes.topics().isPresent()) {
      look(new StoredGroupsCheck(admin, answers, commands));
    }
    if (!wishes.groups().isEmpty()) {
      look(new RestoredGroupsCheck(admin, answers, wishes.groups(), commands));
    }
  }

  /** Whether it found no error. */
  private boolean look(PreflightCheck check) throws IOException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    check.look(findings);
    results.put(check.subject(), List.copyOf(findings));
    return findings.stream().noneMatch(each -> each.severity() == Severity.ERROR);
  }
}
