package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.testkit.s3.FakeS3;
import dev.copperplate.backup.testkit.s3.S3Calls;
import dev.copperplate.backup.testkit.s3.S3Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Who asks a store with credentials that are not good is told what is wrong with them. */
class S3CredentialsTest extends S3TargetSuite {

  @Test
  void aWrongSecretIsCalledThat() {
    try (S3Target wrong = ofSomebody(store.accessKey(), Explained.WRONG_SECRET).build()) {
      assertEveryCallIsDenied(wrong, "SignatureDoesNotMatch", "The secret key is wrong");
    }
  }

  @Test
  void anAccessKeyThatNobodyHasIsCalledThat() {
    try (S3Target unknown = ofSomebody("AKIANOBODY0000000000", Explained.WRONG_SECRET).build()) {
      assertEveryCallIsDenied(unknown, "InvalidAccessKeyId", "The access key is not known");
    }
  }

  @Test
  void aTokenThatExpiredIsToBeReplaced() {
    for (String code : List.of("ExpiredToken", "TokenRefreshRequired", "InvalidToken")) {
      store.heal();
      store.on(S3Calls.any(), S3Fault.refused(400, code));
      try (S3Target expired =
          FakeTargets.builder(store, PLACE)
              .credentials(
                  StaticCredentialsProvider.create(
                      AwsSessionCredentials.create(
                          store.accessKey(), store.secretKey(), Explained.SESSION_TOKEN)))
              .build()) {
        assertEveryCallIsDenied(expired, code, "Get new credentials");
      }
    }
  }

  @Test
  void aClockThatIsWrongIsToBeSet() {
    Instant later = Instant.now().plus(Duration.ofHours(2));
    try (FakeS3 ahead = FakeS3.builder().signingClock(() -> later).start();
        S3Target behind = FakeTargets.builder(ahead, PLACE).build()) {
      ahead.createBucket(PLACE.bucket());
      assertEveryCallIsDenied(
          behind, "RequestTimeTooSkewed", "Set the clock of this machine", "15 minutes");
    }
  }

  @Test
  void whoHasNoCredentialsIsToldSo() {
    AwsCredentialsProvider none =
        () -> {
          throw SdkClientException.create(
              "Unable to load credentials from any of the providers in the chain");
        };
    try (S3Target nobody = FakeTargets.builder(store, PLACE).credentials(none).build()) {
      assertEveryCallIsDenied(nobody, "there are no credentials", "Configure some");
    }
    assertEquals(List.of(), store.requests());
  }

  private static void assertEveryCallIsDenied(S3Target target, String... words) {
    Explained.failure(Kind.DENIED, () -> put(target), words);
    Explained.failure(Kind.DENIED, () -> put(target), "Put of data/00/pack to s3://orders/backups");
    Explained.failure(Kind.DENIED, () -> target.read(KEY, ByteRange.ALL), words);
    Explained.failure(Kind.DENIED, () -> target.list("data/"), words);
    Explained.failure(Kind.DENIED, () -> target.delete(List.of(KEY)), words);
    Explained.failure(Kind.DENIED, target::capabilities, words);
  }
}
