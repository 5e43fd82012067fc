package dev.copperplate.backup.s3.fake;

import dev.copperplate.backup.testkit.s3.FakeS3;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients of the SDK for a fake, which do not try again. */
final class S3Clients {

  private S3Clients() {}

  /** As the SDK is unless told otherwise: bodies in chunks, with a checksum behind them. */
  static S3Client usual(FakeS3 fake) {
    return of(fake, fake.accessKey(), fake.secretKey()).build();
  }

  /** With checksums only where the API demands them. */
  static S3Client sparing(FakeS3 fake) {
    return of(fake, fake.accessKey(), fake.secretKey())
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .build();
  }

  static S3ClientBuilder of(FakeS3 fake, String accessKey, String secretKey) {
    return at(fake.endpoint(), fake.region())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)));
  }

  static S3ClientBuilder at(URI endpoint, String region) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .forcePathStyle(true)
        .httpClientBuilder(Apache5HttpClient.builder())
        .overrideConfiguration(config -> config.retryStrategy(RetryMode.STANDARD))
        .overrideConfiguration(config -> config.retryStrategy(retry -> retry.maxAttempts(1)));
  }
}
