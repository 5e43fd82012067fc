package dev.copperplate.backup.kafka.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.api.Test;

class ReleasesTest {

  @Test
  void levelsBelongToTheReleasesThatKafkaSays() {
    for (MetadataVersion each : MetadataVersion.VERSIONS) {
      String line = Releases.of(each.featureLevel());
      assertEquals(line.isEmpty() ? "4.2" : line, each.shortVersion(), each::toString);
    }
    assertEquals("", Releases.of(0));
    assertEquals("", Releases.of(1000));
  }
}
