package dev.copperplate.backup.kafka.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.kafka.KafkaPreflight;
import dev.copperplate.backup.kafka.PreflightReport;
import dev.copperplate.backup.kafka.TestCluster;
import dev.copperplate.backup.kafka.TopicSelection;
import dev.copperplate.backup.kafka.cluster.Answers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that are not there, and versions of clients. */
@Timeout(180)
class BrokersTest {

  @TempDir Path directory;

  @Test
  void brokersThatDoNotAnswerAndPartitionsThatNobodyLeadsAreNamed() throws Exception {
    try (TestCluster kafka = TestCluster.start(directory, 2, Map.of())) {
      TestCluster.done(
          kafka
              .admin()
              .createTopics(
                  List.of(
                      new NewTopic("gone", Map.of(0, List.of(2))),
                      new NewTopic("half", Map.of(0, List.of(1, 2)))))
              .all());
      kafka.brokers().broker(2).stop();
      KafkaPreflight preflight = KafkaPreflight.of(kafka.cluster()).backup(TopicSelection.all());
      PreflightReport report = preflight.run();
      for (int i = 0; i < 60 && !report.toString().contains("'half-0'"); i++) {
        report = preflight.run();
      }
      String told = report.toString();
      assertTrue(told.contains("No broker leads partition 'gone-0'"), told);
      assertTrue(told.contains("Replicas are behind in partition 'half-0'"), told);

      List<Finding> findings = new ArrayList<>();
      List<Node> brokers =
          List.of(
              new Node(1, "127.0.0.1", 9092), // is asked where the cluster says that it is
              new Node(9, "broker9.example.org", 9092));
      new BrokersCheck(kafka.admin(), new Answers(Duration.ofSeconds(5)), brokers).look(findings);
      List<Finding> errors =
          findings.stream().filter(each -> each.severity() == Severity.ERROR).toList();
      assertEquals(1, errors.size(), findings::toString);
      assertTrue(
          errors.get(0).message().startsWith("Broker 9 does not let clients in at broker9."),
          errors::toString);
    }
  }

  @Test
  void clientsThatAreNotKnownToWorkAreNamed() {
    assertEquals(Severity.ERROR, clients("3.8.1").severity());
    assertEquals(Severity.WARNING, clients("3.9.1").severity());
    assertEquals(Severity.INFO, clients("4.3.1").severity());
    assertTrue(clients("4.4.0").message().contains("newer"));
    assertTrue(clients("unknown").message().contains("not told"));
  }

  private static Finding clients(String version) {
    List<Finding> findings = new ArrayList<>();
    new ClientsCheck(version).look(findings);
    return findings.get(0);
  }
}
