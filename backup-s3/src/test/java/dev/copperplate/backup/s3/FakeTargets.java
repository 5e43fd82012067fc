package dev.copperplate.backup.s3;

import dev.copperplate.backup.testkit.s3.FakeS3;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Targets in a store of this process. */
final class FakeTargets {

  private FakeTargets() {}

  /** The owner's target. */
  static S3TargetBuilder builder(FakeS3 store, S3Location location) {
    return builder(store, location, store.accessKey(), store.secretKey());
  }

  /** Somebody's target. */
  static S3TargetBuilder builder(
      FakeS3 store, S3Location location, String accessKey, String secretKey) {
    return S3Target.builder(location)
        .endpoint(store.endpoint())
        .region("us-east-1")
        .credentials(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
        .pathStyle(true);
  }

  /** The owner's client; the caller closes it. */
  static S3Client client(FakeS3 store) {
    return S3Client.builder()
        .endpointOverride(store.endpoint())
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(store.accessKey(), store.secretKey())))
        .build();
  }
}
