package dev.copperplate.backup.s3.ceph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

class CephIntegrityFactsTest extends CephFacts {

  private static final String MD5_OF_NOTHING = "1B2M2Y8AsgTpgAmY7PhCfg==";
  private static final String SHA256_OF_NOTHING = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

  private final String bucket = ceph.bucket();

  @Test
  void refusesChecksumsThatTrailChunksWhichAreTheDefaultOfTheSdk() {
    try (S3Client client =
        ceph.builder(ceph.owner())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_SUPPORTED)
            .serviceConfiguration(each -> each.chunkedEncodingEnabled(true))
            .build()) {
      assertRefused("400 XAmzContentSHA256Mismatch", () -> put(client, bucket, "a", "text"));
    }
  }

  @Test
  void takesTheChecksumOfTheSdkInAHeader() {
    try (S3Client client =
        ceph.builder(ceph.owner())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_SUPPORTED)
            .build()) {
      put(client, bucket, "a", "text");
    }
    assertEquals("text", read(bucket, "a"));
  }

  @Test
  void refusesAnEmptyBodyInChunks() {
    try (S3Client client = inChunks()) {
      assertRefused("400 XAmzContentSHA256Mismatch", () -> put(client, bucket, "a", ""));
    }
    put(bucket, "a", "");
    assertEquals("", read(bucket, "a"));
  }

  @Test
  void remembersChunksAsTheEncodingOfTheContent() {
    try (S3Client client = inChunks()) {
      put(client, bucket, "a", "text");
    }
    put(bucket, "b", "text");
    assertEquals("aws-chunked", head("a").contentEncoding());
    assertNull(head("b").contentEncoding());
    assertEquals("text", read(bucket, "a"));
  }

  private S3Client inChunks() {
    return ceph.builder(ceph.owner())
        .serviceConfiguration(each -> each.chunkedEncodingEnabled(true))
        .build();
  }

  @Test
  void refusesABodyThatIsNotTheSignedOne() {
    AtomicInteger readings = new AtomicInteger();
    RequestBody changing =
        RequestBody.fromContentProvider(
            () -> {
              String digit = Integer.toString(readings.getAndIncrement());
              return new ByteArrayInputStream(digit.getBytes(StandardCharsets.US_ASCII));
            },
            1,
            "text/plain");
    assertRefused(
        "400 XAmzContentSHA256Mismatch",
        () -> s3.putObject(each -> each.bucket(bucket).key("a"), changing));
  }

  @Test
  void refusesAnotherMd5() {
    RequestBody body = RequestBody.fromString("text");
    assertRefused(
        "400 BadDigest",
        () -> s3.putObject(each -> each.bucket(bucket).key("a").contentMD5(MD5_OF_NOTHING), body));
    assertRefused(
        "400 InvalidDigest",
        () -> s3.putObject(each -> each.bucket(bucket).key("a").contentMD5("no"), body));
  }

  @Test
  void acceptsAnotherSha256AndForgetsIt() {
    s3.putObject(
        each -> each.bucket(bucket).key("a").checksumSHA256(SHA256_OF_NOTHING),
        RequestBody.fromString("text"));
    assertEquals("text", read(bucket, "a"));
    assertNull(head("a").checksumSHA256());
  }

  private HeadObjectResponse head(String key) {
    return s3.headObject(each -> each.bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED));
  }
}
