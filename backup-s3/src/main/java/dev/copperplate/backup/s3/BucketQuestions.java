package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetObjectLockConfigurationRequest;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;

/** Asks a store what it does with a bucket. */
final class BucketQuestions {

  private static final Logger LOG = LoggerFactory.getLogger(BucketQuestions.class);

  /** Answers of a store that does not know what it is asked for. */
  private static final Set<Kind> WITHOUT = EnumSet.of(Kind.NOT_FOUND, Kind.UNSUPPORTED);

  private final S3Client client;
  private final S3Requests requests;
  private final S3Settings settings;

  BucketQuestions(S3Client client, S3Requests requests, S3Settings settings) {
    this.client = client;
    this.requests = requests;
    this.settings = settings;
  }

  BucketFacts facts() throws IOException {
    BucketVersioningStatus versioning = versioning();
    return new BucketFacts(
        versioning != null, versioning == BucketVersioningStatus.ENABLED, locks());
  }

  private @Nullable BucketVersioningStatus versioning() throws IOException {
    GetBucketVersioningRequest request =
        GetBucketVersioningRequest.builder()
            .bucket(settings.location().bucket())
            .overrideConfiguration(settings::limit)
            .build();
    return askedOrNull(
        "whether it keeps versions", () -> client.getBucketVersioning(request).status());
  }

  private boolean locks() throws IOException {
    GetObjectLockConfigurationRequest request =
        GetObjectLockConfigurationRequest.builder()
            .bucket(settings.location().bucket())
            .overrideConfiguration(settings::limit)
            .build();
    ObjectLockConfiguration locking =
        askedOrNull(
            "whether objects can be locked",
            () -> client.getObjectLockConfiguration(request).objectLockConfiguration());
    return locking != null && locking.objectLockEnabled() == ObjectLockEnabled.ENABLED;
  }

  /** The answer; null if the store has none to such a question, or not for us. */
  private <T> @Nullable T askedOrNull(String what, Supplier<@Nullable T> request)
      throws IOException {
    try {
      return requests.make("Asking " + settings.location() + " " + what, request);
    } catch (BackupException e) {
      if (S3Failures.code(e).equals("AccessDenied")) {
        LOG.warn("Taken as no, because it may not be asked: {}", e.getMessage());
        return null;
      }
      if (WITHOUT.contains(e.kind())) {
        return null;
      }
      throw e;
    }
  }
}
