package dev.copperplate.backup.testkit.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class VersionIdsTest {

  private static String id(long sequence) {
    return VersionIds.of(new StoredVersion(sequence, false, Instant.EPOCH, 0, null));
  }

  @Test
  void anIdLeadsBackToItsVersion() {
    for (long sequence : new long[] {1, 2, 1000, Long.MAX_VALUE}) {
      assertEquals(OptionalLong.of(sequence), VersionIds.sequence(id(sequence)));
    }
  }

  @Test
  void whatIsNoIdIsNoticed() {
    String id = id(1);
    String other = (id.charAt(0) == '0' ? "1" : "0") + id.substring(1);
    for (String wrong : List.of("", "null", "x".repeat(32), other)) {
      assertTrue(VersionIds.sequence(wrong).isEmpty(), wrong);
    }
  }

  @Test
  void idsDoNotRiseWithTime() {
    List<String> ids = new ArrayList<>();
    for (long sequence = 1; sequence < 100; sequence++) {
      ids.add(id(sequence));
    }
    long rises = 0;
    for (int index = 1; index < ids.size(); index++) {
      rises += ids.get(index).compareTo(ids.get(index - 1)) > 0 ? 1 : 0;
    }
    assertTrue(rises > 20 && rises < 80, "rises: " + rises);
  }
}
