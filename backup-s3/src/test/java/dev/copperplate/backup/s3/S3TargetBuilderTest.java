package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copperplate.backup.testkit.s3.FakeS3;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class S3TargetBuilderTest {

  private static final URI PLAIN = URI.create("http://minio.example:9000");

  private static S3TargetBuilder builder() {
    return S3Target.builder(S3Location.of("orders"));
  }

  private static S3TargetBuilder whole() {
    return builder().region("us-east-1").credentials(AnonymousCredentialsProvider.create());
  }

  @Test
  void whatBelongsToAClientCannotBeSaidBesideOne() {
    List<Consumer<S3TargetBuilder>> settings =
        List.of(
            each -> each.endpoint(PLAIN),
            each -> each.region("us-east-1"),
            each -> each.credentials(AnonymousCredentialsProvider.create()),
            each -> each.pathStyle(true),
            each -> each.connections(2),
            each -> each.connectTimeout(Duration.ofSeconds(1)),
            each -> each.silenceTimeout(Duration.ofSeconds(1)));
    try (FakeS3 store = FakeS3.start();
        S3Client client = HostClients.usual(store)) {
      for (Consumer<S3TargetBuilder> each : settings) {
        S3TargetBuilder both = builder().client(client);
        each.accept(both);
        assertTrue(refusal(both::build).contains("A client of the host has its own endpoint"));
      }
      builder()
          .client(client)
          .requestTimeout(Duration.ofMinutes(1))
          .checksums(ChecksumMode.TRAILER)
          .lockMode(LockMode.GOVERNANCE)
          .dataClass("STANDARD_IA")
          .requestsPerSecond(10)
          .build()
          .close();
    }
  }

  @Test
  void whatIsOutOfBoundsIsRefusedWithItsValue() {
    assertTrue(refusal(() -> builder().connections(0)).contains(": 0"));
    assertTrue(refusal(() -> builder().connections(1001)).contains("1001"));
    assertTrue(refusal(() -> builder().requestsPerSecond(0)).contains(": 0"));
    assertTrue(refusal(() -> builder().requestTimeout(Duration.ZERO)).contains("PT0S"));
    assertTrue(refusal(() -> builder().silenceTimeout(Duration.ofDays(2))).contains("PT48H"));
    assertTrue(refusal(() -> builder().connectTimeout(Duration.ofDays(-1))).contains("-24H"));
    assertTrue(refusal(() -> builder().dataClass(" ")).contains("storage class"));
  }

  @Test
  void anEndpointThatIsNoneIsRefusedWithoutItsSecret() {
    for (String wrong :
        List.of(
            "https://key:secret@minio",
            "ftp://key:secret@minio",
            "mailto:key:secret",
            "ftp://minio",
            "minio:9000",
            "/minio")) {
      String message = refusal(() -> builder().endpoint(URI.create(wrong)));
      assertTrue(message.contains("endpoint"), message);
      assertFalse(message.contains("secret"), message);
    }
  }

  @Test
  void plainHttpToAnotherMachineIsWarnedOf() {
    String log = logOf(() -> whole().endpoint(PLAIN).build().close());
    assertTrue(log.contains(PLAIN + " is plain http"), log);
    for (String unremarkable :
        List.of(
            "https://minio.example",
            "http://localhost:9000",
            "http://127.0.0.1:9000",
            "http://[::1]:9000")) {
      assertEquals(
          "",
          logOf(() -> whole().endpoint(URI.create(unremarkable)).build().close()),
          unremarkable);
    }
  }

  @Test
  void plainHttpToAnotherMachineIsRefusedByWhoIsStrict() {
    for (String each :
        List.of("http://minio.example", "http://127.example", "http://localhost.example")) {
      S3TargetBuilder strict = whole().endpoint(URI.create(each)).strict(true);
      String message = refusal(strict::build);
      assertTrue(message.contains(each) && message.contains("https"), message);
    }
    whole().endpoint(URI.create("http://127.0.0.1:9000")).strict(true).build().close();
  }

  @Test
  void thePlainHttpOfAHostsClientIsNoticedToo() {
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(PLAIN)
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build()) {
      S3TargetBuilder strict = builder().client(client).strict(true);
      assertTrue(refusal(strict::build).contains("plain http"));
    }
  }

  @Test
  void whoGivesNoRegionWhereThereIsNoneIsAskedForOne() {
    assumeTrue(System.getenv("AWS_REGION") == null && System.getenv("AWS_DEFAULT_REGION") == null);
    // Nor a file, nor the machine that would have it in a cloud.
    Map<String, String> none =
        Map.of("aws.disableEc2Metadata", "true", "aws.configFile", "/nonexistent");
    none.forEach(System::setProperty);
    try {
      String message = refusal(builder().endpoint(URI.create("https://minio.example"))::build);
      assertTrue(message.contains("Give a region"), message);
    } finally {
      none.keySet().forEach(System::clearProperty);
    }
  }

  private static String refusal(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  /** What the logger of tests writes to the standard error of the process. */
  private static String logOf(Runnable call) {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      call.run();
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains(S3TargetBuilder.class.getName()))
        .reduce("", String::concat);
  }
}
