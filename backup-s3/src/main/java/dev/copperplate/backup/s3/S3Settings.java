package dev.copperplate.backup.s3;

import dev.copperplate.backup.ObjectKey;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;

/**
 * How a target uses its store.
 *
 * @param dataClass the storage class of bulk data; empty for the bucket's own
 * @param requestTimeout for one request, with its content, and for what reading an answer may wait
 */
record S3Settings(
    S3Location location,
    ChecksumMode checksums,
    LockMode lockMode,
    Optional<String> dataClass,
    Duration requestTimeout) {

  /** Ends a request that takes too long, whatever the client of the host would do. */
  void limit(AwsRequestOverrideConfiguration.Builder request) {
    request.apiCallAttemptTimeout(requestTimeout);
  }

  /**
   * The deletion of one object or version.
   *
   * @param version its id; null for the name alone
   */
  DeleteObjectRequest deletion(ObjectKey key, @Nullable String version) {
    return DeleteObjectRequest.builder()
        .bucket(location.bucket())
        .key(location.stored(key.value()))
        .versionId(version)
        .overrideConfiguration(this::limit)
        .build();
  }
}
