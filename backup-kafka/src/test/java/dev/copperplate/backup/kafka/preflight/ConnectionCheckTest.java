package dev.copperplate.backup.kafka.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Test;

class ConnectionCheckTest {

  private static final Map<String, Object> CLEAR = Map.of("security.protocol", "sasl_plaintext");

  @Test
  void whatIsSentInClearToOtherMachinesIsNamed() {
    assertEquals(Optional.of(Severity.WARNING), look(Map.of(), "db1:9092", false));
    assertEquals(Optional.of(Severity.ERROR), look(Map.of(), "db1:9092", true));
    assertEquals(Optional.of(Severity.ERROR), look(CLEAR, "127.0.0.1:9092,10.0.0.1:9092", true));
    assertEquals(Optional.of(Severity.ERROR), look(CLEAR, "PLAINTEXT://[2001:db8::1]:9092", true));
    assertEquals(Optional.of(Severity.ERROR), look(CLEAR, "127.0.0.1.example.org:9092", true));
  }

  @Test
  void onThisMachineNobodyListens() {
    for (String each : List.of("localhost:9092", "127.0.0.1:9092", "[::1]:9092", "127.8.0.9:1")) {
      assertEquals(Optional.empty(), look(CLEAR, each, true), each);
    }
  }

  @Test
  void encryptionIsEnoughIfNamesAreCompared() {
    Map<String, Object> encrypted = Map.of("security.protocol", "SASL_SSL");
    Map<String, Object> anybody =
        Map.of("security.protocol", "SSL", "ssl.endpoint.identification.algorithm", " ");
    assertEquals(Optional.empty(), look(encrypted, "db1:9092", true));
    assertEquals(Optional.of(Severity.ERROR), look(anybody, "db1:9092", true));
  }

  @Test
  void aSecretThatIsSentItselfIsNamed() {
    assertEquals(
        Protection.CLEAR_LOGIN,
        Protection.of(
            Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "SCRAM-SHA-512")));
    assertEquals(
        Protection.CLEAR_PASSWORD,
        Protection.of(Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN")));
  }

  @Test
  void whereBrokersSayThatTheyAreCountsAsWell() {
    Address advertised = Address.of(new Node(1, "broker1.example.org", 9092));
    List<Finding> findings = new ArrayList<>();
    new ConnectionCheck("advertised addresses", Protection.CLEAR, List.of(advertised), false)
        .look(findings);
    assertEquals(
        List.of(
            "WARNING advertised addresses: security.protocol=PLAINTEXT sends every record in clear"
                + " (to broker1.example.org:9092) (# use a listener with TLS:"
                + " security.protocol=SSL or SASL_SSL)"),
        findings.stream().map(Finding::toString).toList());
  }

  private static Optional<Severity> look(
      Map<String, Object> properties, String bootstrap, boolean strict) {
    List<Finding> findings = new ArrayList<>();
    new ConnectionCheck("connection", Protection.of(properties), Address.all(bootstrap), strict)
        .look(findings);
    return findings.stream().map(Finding::severity).findFirst();
  }
}
