package dev.copperplate.backup.s3;

import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

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
}
