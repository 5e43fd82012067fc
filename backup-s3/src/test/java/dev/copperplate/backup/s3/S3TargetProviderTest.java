package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.target.Targets;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class S3TargetProviderTest {

  private static final String PLACE = "s3://orders/prod?region=eu-central-1";

  @Test
  void aPlaceInAConfigurationBecomesATarget() throws IOException {
    String all =
        PLACE
            + "&endpoint=https://minio.internal:9000&path-style=false&connections=4"
            + "&requests-per-second=100&checksums=content-md5&lock-mode=governance"
            + "&data-class=STANDARD_IA&strict=true";
    for (String place :
        List.of(PLACE, all, "s3://orders/prod/?region=x&endpoint=http%3A//localhost")) {
      try (BackupTarget target = Targets.at(place)) {
        assertInstanceOf(S3Target.class, target);
        assertEquals("s3://orders/prod", target.description());
      }
    }
  }

  @Test
  void theEndpointMayComeFromTheSurroundings() {
    assertRefused("plain http", PLACE + "&strict=true", Map.of("AWS_ENDPOINT_URL", "http://minio"));
    assertRefused(
        "plain http", PLACE + "&strict=true", Map.of("AWS_ENDPOINT_URL_S3", "http://minio"));
  }

  @Test
  void whatNobodyUnderstandsIsRefusedByName() {
    assertRefused("colour", PLACE + "&colour=blue", Map.of());
    assertRefused("region", PLACE + "&region=x", Map.of());
    assertRefused("strict", PLACE + "&strict=yes", Map.of());
    assertRefused("strict", PLACE + "&strict", Map.of());
    assertRefused("connections", PLACE + "&connections=many", Map.of());
    assertRefused("1000", PLACE + "&connections=0", Map.of());
    assertRefused("lock-mode", PLACE + "&lock-mode=none", Map.of());
    assertRefused("https", PLACE + "&endpoint=ftp://x", Map.of());
    assertRefused("credentials", PLACE + "&endpoint=https://key:secret@x", Map.of());
    assertRefused("endpoint", PLACE + "&endpoint=https://key:secret@x y", Map.of());
    assertRefused("Credentials", "s3://key:secret@orders", Map.of());
    assertRefused("s4://", "s4://orders");
  }

  private static void assertRefused(String word, String place, Map<String, String> environment) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new S3TargetProvider(environment).target(place).close())
            .getMessage();
    assertTrue(message.contains(word), message);
    assertTrue(!message.contains("secret"), message);
  }

  private static void assertRefused(String word, String place) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Targets.at(place).close()).getMessage();
    assertTrue(message.contains(word), message);
  }
}
