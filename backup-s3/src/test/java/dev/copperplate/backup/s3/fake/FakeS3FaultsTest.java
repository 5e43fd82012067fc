package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.testkit.s3.RecordedRequest;
import dev.copperplate.backup.testkit.s3.S3Calls;
import dev.copperplate.backup.testkit.s3.S3Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What goes wrong because the test wants it, and the record of requests. */
class FakeS3FaultsTest extends FakeS3Suite {

  @BeforeEach
  void makeBucket() {
    fake.createBucket(BUCKET);
  }

  @Test
  void aStormEndsAfterSoManyRequestsOfItsOperation() {
    fake.on(S3Calls.of("PutObject").first(2), S3Fault.slowDown());

    assertRefused(503, "SlowDown", () -> put("k", "1"));
    assertRefused(404, "NoSuchKey", () -> get("k"));
    assertRefused(503, "SlowDown", () -> put("k", "1"));
    put("k", "1");
    assertEquals("1", get("k"));
  }

  @Test
  void faultsBefallKeysAndNumbersAndAreHealed() {
    fake.on(S3Calls.of("PutObject").below("data/").nth(2), S3Fault.internalError());
    fake.on(S3Calls.of("GetObject"), S3Fault.forbidden());

    put("data/1", "1");
    put("other", "1");
    assertRefused(500, "InternalError", () -> put("data/2", "1"));
    put("data/2", "1");
    assertRefused(403, "AccessDenied", () -> get("other"));
    fake.heal();
    assertEquals("1", get("other"));
  }

  @Test
  void whoIsToComeAgainLearnsWhen() {
    fake.on(S3Calls.any().first(1), S3Fault.tooManyRequests().retryAfter(Duration.ofSeconds(7)));

    S3Exception refused = assertRefused(429, "TooManyRequests", () -> put("k", "1"));

    assertEquals(
        "7", refused.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Retry-After").get());
  }

  @Test
  void aFullStoreSaysSoAsOneOfTheseDoes() {
    fake.on(S3Calls.of("PutObject").nth(1), S3Fault.quotaExceeded());
    fake.on(S3Calls.of("PutObject").nth(2), S3Fault.insufficientStorage());

    assertRefused(403, "QuotaExceeded", () -> put("k", "1"));
    assertRefused(507, "XMinioStorageFull", () -> put("k", "1"));
  }

  @Test
  void aGatewayAnswersInHtml() {
    fake.on(S3Calls.any().first(1), S3Fault.badGateway());

    S3Exception refused = assertThrows(S3Exception.class, () -> put("k", "1"));

    assertEquals(502, refused.statusCode());
  }

  @Test
  void anAnswerThatIsLostWasStillCarriedOut() {
    fake.on(S3Calls.of("PutObject").nth(1), S3Fault.connectionLost());
    fake.on(S3Calls.of("PutObject").nth(2), S3Fault.answerLost());

    assertThrows(SdkClientException.class, () -> put("k", "1"));
    assertRefused(404, "NoSuchKey", () -> get("k"));
    assertThrows(SdkClientException.class, () -> put("k", "1"));
    assertEquals("1", get("k"));
  }

  @Test
  void aBodyEndsBeforeItsLength() {
    put("k", "0123456789".repeat(10_000));
    fake.on(S3Calls.of("GetObject"), S3Fault.truncates());

    assertThrows(SdkClientException.class, () -> get("k"));
  }

  @Test
  void aBitThatFlipsOnTheWayIsNoticedOnlyByWhoAsksForTheChecksum() {
    put("k", "0123456789");
    fake.on(S3Calls.of("GetObject"), S3Fault.flipsBit());

    assertThrows(
        SdkClientException.class,
        () ->
            client.getObjectAsBytes(
                r -> r.bucket(BUCKET).key("k").checksumMode(ChecksumMode.ENABLED)));
    assertNotEquals("0123456789", get("k"));
    assertEquals(10, get("k").length());
  }

  @Test
  void aBitThatFlipsOnTheDiskStaysFlipped() {
    put("k", "0123456789");
    fake.spoil(BUCKET, "k", 8);
    try (S3Client sparing = S3Clients.sparing(fake)) {
      assertEquals(
          "0023456789", sparing.getObjectAsBytes(r -> r.bucket(BUCKET).key("k")).asUtf8String());
    }
  }

  @Test
  void everyRequestIsRecordedWithWhatItTookAndGave() {
    try (S3Client sparing = S3Clients.sparing(fake)) {
      sparing.putObject(
          r -> r.bucket(BUCKET).key("k").contentMD5("mgNkuembtIDdJeHwKEyFVQ=="),
          RequestBody.fromString("content"));
      sparing.getObjectAsBytes(r -> r.bucket(BUCKET).key("k"));
    }
    assertRefused(404, "NoSuchKey", () -> get("absent"));

    List<RecordedRequest> requests = fake.requests();
    assertEquals(
        List.of("PutObject", "GetObject", "GetObject"),
        requests.stream().map(RecordedRequest::operation).toList());
    assertTrue(requests.get(0).request().bytes() >= 7);
    assertEquals(7, requests.get(1).bytes());
    assertEquals("k", requests.get(1).key());
    assertEquals(fake.accessKey(), requests.get(1).user());
    assertEquals(404, requests.get(2).status());
    assertEquals("NoSuchKey", requests.get(2).code());
    assertEquals(2, fake.count("GetObject"));
    fake.forgetRequests();
    assertEquals(0, fake.count("GetObject"));
  }

  @Test
  void aCopyFailsAfterItsAnswerHasBegun() {
    put("k", "1");
    fake.on(S3Calls.of("CopyObject"), S3Fault.errorInSuccess());

    S3Exception failed =
        assertThrows(
            S3Exception.class,
            () ->
                client.copyObject(
                    r ->
                        r.sourceBucket(BUCKET)
                            .sourceKey("k")
                            .destinationBucket(BUCKET)
                            .destinationKey("copy")));

    assertEquals("InternalError", failed.awsErrorDetails().errorCode());
    assertRefused(404, "NoSuchKey", () -> get("copy"));
  }
}
