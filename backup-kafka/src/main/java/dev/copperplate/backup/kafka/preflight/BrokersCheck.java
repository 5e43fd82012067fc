package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.kafka.cluster.Answers;
import dev.copperplate.backup.kafka.cluster.Releases;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** Whether each broker answers where it says that it is, and of which release they are. */
final class BrokersCheck implements PreflightCheck {

  private final Admin admin;
  private final Answers answers;
  private final Collection<Node> brokers;

  BrokersCheck(Admin admin, Answers answers, Collection<Node> brokers) {
    this.admin = admin;
    this.answers = answers;
    this.brokers = brokers;
  }

  @Override
  public String subject() {
    return "brokers";
  }

  @Override
  public void look(List<Finding> findings) throws BackupException, InterruptedException {
    release(findings);
    // A broker is asked for its own configuration itself; to be refused it is an answer as well.
    Map<Node, KafkaFuture<Config>> asked = new LinkedHashMap<>();
    for (Node each : brokers) {
      ConfigResource own = new ConfigResource(ConfigResource.Type.BROKER, each.idString());
      asked.put(
          each,
          Objects.requireNonNull(
              admin
                  .describeConfigs(List.of(own), answers.within(new DescribeConfigsOptions()))
                  .values()
                  .get(own)));
    }
    for (Map.Entry<Node, KafkaFuture<Config>> each : asked.entrySet()) {
      look(each.getKey(), each.getValue(), findings);
    }
  }

  private void look(Node broker, KafkaFuture<Config> answer, List<Finding> findings)
      throws BackupException, InterruptedException {
    try {
      Optional<Config> unused = Sight.ask(answers, "Asking broker " + broker.id(), answer);
    } catch (BackupException failure) {
      if (failure.kind() != Kind.UNAVAILABLE && failure.kind() != Kind.DENIED) {
        throw failure;
      }
      findings.add(
          Finding.error(
              subject(),
              "Broker "
                  + broker.id()
                  + " does not let clients in at "
                  + Address.of(broker)
                  + ", where it says that it is. "
                  + failure.getMessage(),
              "# look at advertised.listeners of the broker, and at the network from here to it"));
    }
  }

  private void release(List<Finding> findings) throws BackupException, InterruptedException {
    Optional<FeatureMetadata> told =
        Sight.ask(
            answers,
            "Asking for features",
            admin
                .describeFeatures(answers.within(new DescribeFeaturesOptions()))
                .featureMetadata());
    String release =
        told.map(each -> each.supportedFeatures().get("metadata.version"))
            .map(each -> Releases.of(each.maxVersion()))
            .filter(each -> !each.isEmpty())
            .orElse("of a release that is not told");
    findings.add(Finding.info(subject(), brokers.size() + " brokers, Kafka " + release));
  }
}
