package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
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
    GetBucketVersioningResponse versioning = versioning();
    BucketVersioningStatus status = versioning == null ? null : versioning.status();
    boolean locks =
        locking().map(ObjectLockConfiguration::objectLockEnabled).orElse(null)
            == ObjectLockEnabled.ENABLED;
    return new BucketFacts(
        locks || status != null, // There are no locks without versions.
        locks || status == BucketVersioningStatus.ENABLED,
        locks,
        versioning == null ? Duration.ZERO : ahead(versioning));
  }

  private @Nullable GetBucketVersioningResponse versioning() throws IOException {
    GetBucketVersioningRequest request =
        GetBucketVersioningRequest.builder()
            .bucket(settings.location().bucket())
            .overrideConfiguration(settings::limit)
            .build();
    return askedOrNull("whether it keeps versions", () -> client.getBucketVersioning(request));
  }

  /** How objects are locked there; empty if they are not, or if it may not be asked. */
  Optional<ObjectLockConfiguration> locking() throws IOException {
    GetObjectLockConfigurationRequest request =
        GetObjectLockConfigurationRequest.builder()
            .bucket(settings.location().bucket())
            .overrideConfiguration(settings::limit)
            .build();
    return Optional.ofNullable(
        askedOrNull(
            "whether objects can be locked",
            () -> client.getObjectLockConfiguration(request).objectLockConfiguration()));
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

  private static Duration ahead(SdkResponse answer) {
    Optional<String> date = answer.sdkHttpResponse().firstMatchingHeader("Date");
    try {
      return date.map(
              text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
          .map(theirs -> Duration.between(Instant.now(), theirs))
          .orElse(Duration.ZERO);
    } catch (DateTimeException e) {
      return Duration.ZERO; // No HTTP date: then no store's clock either.
    }
  }
}
