package dev.copperplate.backup.postgres.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.jdbc.SslMode;

class TransportCheckTest {

  @ParameterizedTest
  @EnumSource(value = SslMode.class, mode = EnumSource.Mode.EXCLUDE, names = "VERIFY_FULL")
  void lessThanVerifyFullToAnotherMachineIsAsGraveAsWanted(SslMode mode) {
    for (Severity grave : List.of(Severity.WARNING, Severity.ERROR)) {
      Finding finding = look(mode, grave, "127.0.0.1", "db.example.org").get(0);
      assertEquals(grave, finding.severity());
      assertTrue(finding.message().startsWith("sslmode=" + mode.value), finding::toString);
    }
  }

  @Test
  void verifyFullAndLoopbackAreNoFindings() {
    assertEquals(List.of(), look(SslMode.VERIFY_FULL, Severity.ERROR, "db.example.org"));
    assertEquals(
        List.of(), look(SslMode.DISABLE, Severity.ERROR, "localhost", "127.0.0.2", "[::1]"));
  }

  @Test
  void aNameThatOnlyBeginsLikeLoopbackIsAnotherMachine() {
    assertEquals(1, look(SslMode.DISABLE, Severity.ERROR, "127.0.0.1.example.org").size());
    assertEquals(1, look(SslMode.DISABLE, Severity.ERROR, "localhost.example.org").size());
  }

  private static List<Finding> look(SslMode mode, Severity grave, String... hosts) {
    List<Finding> findings = new ArrayList<>();
    Address address = new Address(List.of(hosts), 5432, "orders", "backup", mode);
    new TransportCheck(address, grave).look(findings);
    return findings;
  }
}
