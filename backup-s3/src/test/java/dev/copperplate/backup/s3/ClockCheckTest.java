package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The server of the JDK writes the date of its answers itself, so only the check is shown. */
class ClockCheckTest {

  @Test
  void clocksThatDifferAreNamed() {
    assertEquals(List.of(), clock(Duration.ofSeconds(4)));
    assertEquals(List.of(Severity.WARNING), clock(Duration.ofSeconds(-10)));
    assertEquals(List.of(Severity.ERROR), clock(Duration.ofMinutes(5)));
    assertEquals(List.of(Severity.ERROR), clock(Duration.ofMinutes(-5)));
  }

  private static List<Severity> clock(Duration ahead) {
    List<Finding> findings = new ArrayList<>();
    new ClockCheck(ahead).look(findings);
    return findings.stream().map(Finding::severity).toList();
  }
}
