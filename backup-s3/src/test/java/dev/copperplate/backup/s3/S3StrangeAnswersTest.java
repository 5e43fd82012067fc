package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpHandler;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.repository.TestRepositories;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Answers that no S3 store would give, but that what stands before it does. */
@Timeout(60)
class S3StrangeAnswersTest {

  private static final ObjectKey KEY = new ObjectKey("data/00/pack");
  private static final String PAGE =
      "<html><head><title>Welcome</title></head><body>nginx</body></html>";
  private static final String OPEN_PAGE = "<!DOCTYPE html><html><body>Welcome<br></html>";

  private static S3Target target(RawServer server) {
    return S3Target.builder(S3Location.of("orders"))
        .endpoint(server.endpoint())
        .region("us-east-1")
        .credentials(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIASOMEBODY00000000", Explained.WRONG_SECRET)))
        .pathStyle(true)
        .connections(2)
        .build();
  }

  private static void put(S3Target target) throws IOException {
    target.put(KEY, Content.of(new byte[10]), PutOptions.DATA);
  }

  @Test
  void aGatewayThatAnswersWithAPageIsUnavailable() throws IOException {
    for (int status : List.of(500, 502, 503, 504)) {
      try (RawServer gateway = html(status, "Retry-After", "3");
          S3Target target = target(gateway)) {
        BackupException failure =
            Explained.failure(
                Kind.UNAVAILABLE, () -> put(target), "Put of data/00/pack", "" + status);
        assertEquals(Optional.of(Duration.ofSeconds(3)), failure.retryAfter());
        Explained.failure(Kind.UNAVAILABLE, () -> target.read(KEY, ByteRange.ALL), "" + status);
        Explained.failure(Kind.UNAVAILABLE, () -> target.list(""), "" + status);
      }
    }
  }

  private static RawServer html(int status, String... headers) throws IOException {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = "text/html";
    return RawServer.answering(status, PAGE, all);
  }

  @Test
  void aPageThatIsAnsweredWithSuccessIsNoAnswer() throws IOException {
    for (String page : List.of(PAGE, OPEN_PAGE)) {
      try (RawServer portal = RawServer.answering(200, page, "Content-Type", "text/html");
          S3Target target = target(portal)) {
        Explained.failure(Kind.UNAVAILABLE, () -> target.list("data/"), "Listing", "endpoint");
        Explained.failure(Kind.UNAVAILABLE, () -> put(target), "Put of data/00/pack", "endpoint");
        Explained.failure(
            Kind.UNAVAILABLE, () -> target.read(KEY, ByteRange.ALL), "Read of", "endpoint");
        Explained.failure(
            Kind.UNAVAILABLE, () -> target.read(KEY, new ByteRange(2, 4)), "Read of", "endpoint");
        Explained.failure(
            Kind.UNAVAILABLE, () -> target.versions(KEY), "versions of data/00/pack", "endpoint");
      }
    }
  }

  @Test
  void aPageThatSaysNotFoundIsNoMissingRepository() throws IOException {
    try (RawServer other = html(404);
        S3Target target = target(other)) {
      Explained.failure(
          Kind.INVALID, () -> target.read(KEY, ByteRange.ALL), "404", "Look at the endpoint");
      Explained.failure(Kind.INVALID, () -> TestRepositories.open(target), "Look at the endpoint");
      Explained.failure(Kind.INVALID, target::capabilities, "Look at the endpoint");
    }
  }

  @Test
  void aRangeThatIsAnsweredWithTheWholeIsNoRange() throws IOException {
    assertUnusable("which range", RawServer.answering(200, "0123456789", "ETag", "\"1\""));
  }

  @Test
  void aRangeThatIsAnotherOneIsRefused() throws IOException {
    for (String range :
        List.of(
            "bytes 0-1/10",
            "bytes 2-5/10",
            "bytes 4-3/10",
            "bytes 2-3/3",
            "bytes 2-3/*",
            "items 2-3/10",
            "bytes 99999999999999999999-99999999999999999999/10",
            "bytes 2-3/99999999999999999999999")) {
      assertUnusable(
          "range", RawServer.answering(206, "23", "ETag", "\"1\"", "Content-Range", range));
    }
  }

  private static void assertUnusable(String word, RawServer answering) throws IOException {
    try (RawServer server = answering;
        S3Target target = target(server)) {
      // More often than there are connections: each is given back.
      for (int i = 0; i < 4; i++) {
        Explained.failure(
            Kind.UNAVAILABLE,
            () -> target.read(KEY, new ByteRange(2, 4)),
            "Read of data/00/pack from s3://orders",
            word,
            "Look at the endpoint, and at proxies before it");
      }
    }
  }

  @Test
  void anAnswerWithoutItsLengthIsRefused() throws IOException {
    HttpHandler chunked =
        exchange -> {
          exchange.getResponseHeaders().set("ETag", "\"1\"");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(new byte[100]);
          exchange.close();
        };
    try (RawServer server = new RawServer(chunked);
        S3Target target = target(server)) {
      for (int i = 0; i < 4; i++) {
        Explained.failure(
            Kind.UNAVAILABLE, () -> target.read(KEY, ByteRange.ALL), "does not tell its length");
      }
    }
  }

  @Test
  void aRangeInChunksIsReadAsWhatItSaysItIs() throws IOException {
    HttpHandler chunked =
        exchange -> {
          exchange.getResponseHeaders().set("ETag", "\"1\"");
          exchange.getResponseHeaders().set("Content-Range", "bytes 2-3/10");
          exchange.sendResponseHeaders(206, 0);
          exchange.getResponseBody().write(new byte[] {2, 3, 4});
          exchange.close();
        };
    try (RawServer server = new RawServer(chunked);
        S3Target target = target(server);
        InputStream in = target.read(KEY, new ByteRange(2, 4))) {
      assertArrayEquals(new byte[] {2, 3}, in.readAllBytes());
    }
  }

  @Test
  void aListingThatNeverEndsIsNotFollowed() throws IOException {
    String circle =
        """
        <ListBucketResult><Name>orders</Name><Prefix></Prefix><IsTruncated>true</IsTruncated>
        %s</ListBucketResult>
        """;
    try (RawServer nowhere = RawServer.answering(200, circle.replace("%s", ""));
        S3Target target = target(nowhere)) {
      Explained.failure(Kind.UNAVAILABLE, () -> target.list("data/"), "without saying where");
    }
    String token = "<NextContinuationToken>again</NextContinuationToken>";
    try (RawServer round = RawServer.answering(200, circle.replace("%s", token));
        S3Target target = target(round)) {
      Explained.failure(
          Kind.UNAVAILABLE, () -> target.list("data/").next(), "without saying where");
    }
  }

  @Test
  void aListingOfVersionsThatNeverEndsIsNotFollowed() throws IOException {
    for (String marker : List.of("", "<NextKeyMarker>data/00/pack</NextKeyMarker>")) {
      String circle =
          "<ListVersionsResult><Name>orders</Name><IsTruncated>true</IsTruncated>"
              + marker
              + "</ListVersionsResult>";
      try (RawServer round = RawServer.answering(200, circle);
          S3Target target = target(round)) {
        Explained.failure(Kind.UNAVAILABLE, () -> target.versions(KEY), "without saying where");
      }
    }
  }

  @Test
  void aListingOfWhatIsNoObjectIsNoListing() throws IOException {
    for (String entry :
        List.of(
            "<Size>1</Size>",
            "<Key>config</Key>",
            "<Key>config</Key><Size>-1</Size>",
            "<Key>config</Key><Size>many</Size>",
            "<Key>config</Key><Size>1</Size>",
            "<Key>config</Key><Size>1</Size><LastModified>soon</LastModified>")) {
      String listing =
          "<ListBucketResult><Name>orders</Name><Contents>"
              + entry
              + "</Contents></ListBucketResult>";
      try (RawServer server = RawServer.answering(200, listing);
          S3Target target = target(server)) {
        Explained.failure(Kind.UNAVAILABLE, () -> target.list("").next(), "Listing of");
      }
    }
  }
}
