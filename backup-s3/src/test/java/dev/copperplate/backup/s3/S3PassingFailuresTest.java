package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.target.RetryPolicy;
import dev.copperplate.backup.target.RetryingTarget;
import dev.copperplate.backup.testkit.s3.RecordedRequest;
import dev.copperplate.backup.testkit.s3.S3Calls;
import dev.copperplate.backup.testkit.s3.S3Fault;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What passes, and what the engine's way of trying again makes of it. */
class S3PassingFailuresTest extends S3TargetSuite {

  private static final int ATTEMPTS = 4;
  private static final RetryPolicy QUICK =
      new RetryPolicy(ATTEMPTS, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(20));

  private BackupTarget patient() {
    return RetryingTarget.of(target, QUICK);
  }

  @Test
  void aStormThatDoesNotEndIsGivenUp() throws IOException {
    put();
    List<S3Fault> storms =
        List.of(
            S3Fault.internalError(),
            S3Fault.slowDown(),
            S3Fault.tooManyRequests(),
            S3Fault.badGateway(),
            S3Fault.refused(500, "UnknownToAnybody"),
            S3Fault.refused(504, "GatewayTimeout"),
            S3Fault.refused(409, "OperationAborted"),
            S3Fault.refused(400, "RequestTimeout"),
            S3Fault.connectionLost());
    for (S3Fault each : storms) {
      store.heal();
      store.on(S3Calls.any(), each);
      store.forgetRequests();
      Explained.failure(
          Kind.UNAVAILABLE,
          () -> put(patient()),
          "Put of data/00/pack to s3://orders/backups",
          "given up after " + ATTEMPTS + " attempts");
      assertEquals(ATTEMPTS, store.requests().size());
      Explained.failure(Kind.UNAVAILABLE, () -> read(patient()), "Read of data/00/pack");
      Explained.failure(Kind.UNAVAILABLE, () -> patient().list("data/"), "Listing of data/*");
      Explained.failure(Kind.UNAVAILABLE, () -> patient().delete(List.of(KEY)), "s3://orders");
    }
  }

  @Test
  void aStormThatEndsIsOutlived() throws IOException {
    for (S3Fault each : List.of(S3Fault.slowDown(), S3Fault.badGateway(), S3Fault.answerLost())) {
      store.heal();
      store.on(S3Calls.any().first(ATTEMPTS - 1), each);
      put(patient());
      store.heal();
      store.on(S3Calls.any().first(ATTEMPTS - 1), each);
      assertArrayEquals(BYTES, read(patient()));
    }
  }

  @Test
  void whenTheStoreWantsToBeAskedAgainIsPassedOn() {
    for (S3Fault each :
        List.of(S3Fault.slowDown(), S3Fault.tooManyRequests(), S3Fault.internalError())) {
      store.heal();
      store.on(S3Calls.any(), each.retryAfter(Duration.ofSeconds(7)));
      BackupException later = Explained.failure(Kind.UNAVAILABLE, this::put, "It may pass");
      assertEquals(Optional.of(Duration.ofSeconds(7)), later.retryAfter());
    }
    store.heal();
    store.on(S3Calls.any(), S3Fault.slowDown());
    BackupException sometime = Explained.failure(Kind.UNAVAILABLE, this::put);
    assertEquals(Optional.empty(), sometime.retryAfter());
  }

  @Test
  void aWaitThatIsLongerThanAnybodyHasEndsTheAttempts() {
    store.on(S3Calls.any(), S3Fault.slowDown().retryAfter(Duration.ofSeconds(21)));
    Explained.failure(Kind.UNAVAILABLE, () -> put(patient()), "SlowDown");
    assertEquals(1, store.requests().size());
  }

  @Test
  void aPutWhoseAnswerWasLostIsStoredOnce() throws IOException {
    store.on(S3Calls.of("PutObject").first(1), S3Fault.answerLost());
    put(patient());
    assertEquals(2, store.count("PutObject"));
    assertArrayEquals(BYTES, read());
  }

  @Test
  void aConditionalPutWhoseAnswerWasLostExistsAlready() throws IOException {
    target.capabilities();
    store.on(S3Calls.of("PutObject").first(1), S3Fault.answerLost());
    BackupException exists =
        Explained.failure(
            Kind.ALREADY_EXISTS,
            () -> patient().put(KEY, Content.of(BYTES), PutOptions.DATA.onlyIfAbsent()),
            "Put of data/00/pack to s3://orders/backups",
            "Somebody else was quicker");
    assertEquals(1, exists.getSuppressed().length);
    assertArrayEquals(BYTES, read());
  }

  @Test
  void aDeletionWhoseAnswerWasLostIsDone() throws IOException {
    put();
    store.on(S3Calls.of("DeleteObject", "DeleteObjects").first(1), S3Fault.answerLost());
    assertEquals(Map.of(), patient().delete(List.of(KEY)));
    assertEquals(List.of(), list(target));
  }

  @Test
  void aBodyThatBreaksOffIsReadOnWhereItStopped() throws IOException {
    byte[] bytes = numbered(100_000);
    target.put(KEY, Content.of(bytes), PutOptions.DATA);
    ByteRange range = new ByteRange(1000, 90_000);
    store.on(S3Calls.of("GetObject"), S3Fault.truncates());
    try (InputStream broken = target.read(KEY, range)) {
      Explained.failure(
          Kind.UNAVAILABLE, broken::readAllBytes, "Read of data/00/pack from s3://orders/backups");
    }
    store.heal();
    store.on(S3Calls.of("GetObject").first(1), S3Fault.truncates());
    store.forgetRequests();
    byte[] got;
    try (InputStream in = patient().read(KEY, range)) {
      got = in.readAllBytes();
    }
    assertArrayEquals(Arrays.copyOfRange(bytes, 1000, 90_000), got);
    // Half of what was asked for, and then the other half.
    assertEquals(
        List.of(44_500L, 44_500L), store.requests().stream().map(RecordedRequest::bytes).toList());
  }

  private static byte[] numbered(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @Test
  void aDeletionThatFailsForSomeIsRepeatedForThose() throws IOException {
    List<ObjectKey> keys = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ObjectKey key = new ObjectKey("data/00/" + i);
      target.put(key, Content.of(BYTES), PutOptions.DATA);
      keys.add(key);
    }
    store.on(S3Calls.of("DeleteObjects").first(1), S3Fault.slowDown());
    assertEquals(Map.of(), patient().delete(keys));
    assertEquals(List.of(), list(target));
  }

  @Test
  void aStoreThatIsFullIsCalledThat() {
    for (S3Fault each :
        List.of(
            S3Fault.quotaExceeded(),
            S3Fault.insufficientStorage(),
            S3Fault.refused(507, "AnyCode"),
            S3Fault.refused(403, "XMinioAdminBucketQuotaExceeded"))) {
      store.heal();
      store.on(S3Calls.of("PutObject"), each);
      store.forgetRequests();
      Explained.failure(
          Kind.FULL,
          () -> put(patient()),
          "Put of data/00/pack to s3://orders/backups",
          "Free space there, or raise the quota");
      assertEquals(1, store.requests().size());
    }
  }

  @Test
  void whatNobodyKnowsIsQuoted() {
    store.on(S3Calls.any(), S3Fault.refused(400, "SomethingNew"));
    Explained.failure(
        Kind.INVALID, this::put, "400 SomethingNew", "It is refused", "whether it speaks S3");
  }
}
