package dev.copperplate.backup.postgres.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.Finding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionCheckTest {

  @Test
  void fourteenIsTooOldAndFifteenIsNot() {
    assertEquals("PostgreSQL 14 is too old: 15 is the oldest", look(140_019).get(0).message());
    assertEquals(List.of(), look(150_000));
  }

  private static List<Finding> look(int version) {
    List<Finding> findings = new ArrayList<>();
    new VersionCheck(version).look(findings);
    return findings;
  }
}
