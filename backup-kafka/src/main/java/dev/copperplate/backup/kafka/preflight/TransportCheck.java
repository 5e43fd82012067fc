package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.transport.BatchTransport;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import dev.copperplate.backup.kafka.transport.Transports;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether batches come as the brokers have them. */
final class TransportCheck implements PreflightCheck {

  private final KafkaCluster cluster;
  private final Duration limit;

  TransportCheck(KafkaCluster cluster, Duration limit) {
    this.cluster = cluster;
    this.limit = limit;
  }

  @Override
  public String subject() {
    return "transport";
  }

  @Override
  public void look(List<Finding> findings) throws IOException, InterruptedException {
    try (BatchTransport transport =
        Transports.open(
            cluster,
            TransportOptions.DEFAULTS.withPatience(limit),
            records -> {
              throw new IllegalStateException("A preflight reads no records");
            })) {
      findings.add(found(transport.reason()));
    }
  }

  private Finding found(Optional<String> reason) {
    return reason
        .map(
            why ->
                Finding.warning(
                    subject(),
                    "Records are read and batches made of them, which is slower and loses"
                        + " transactions: "
                        + why,
                    "# update the brokers to 3.1 or later, and kafka-clients to a line that is"
                        + " known"))
        .orElse(Finding.info(subject(), "Batches are read as the brokers store them"));
  }
}
