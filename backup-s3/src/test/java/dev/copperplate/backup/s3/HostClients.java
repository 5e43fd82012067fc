package dev.copperplate.backup.s3;

import dev.copperplate.backup.testkit.s3.FakeS3;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients as services have them, for a store of this process. */
final class HostClients {

  private HostClients() {}

  /** With the SDK's defaults: its checksums behind the content, its own attempts. */
  static S3Client usual(FakeS3 store) {
    return builder(store).build();
  }

  static S3ClientBuilder builder(FakeS3 store) {
    return S3Client.builder()
        .endpointOverride(store.endpoint())
        .region(Region.of(store.region()))
        .forcePathStyle(true)
        .httpClientBuilder(Apache5HttpClient.builder())
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(store.accessKey(), store.secretKey())));
  }
}
