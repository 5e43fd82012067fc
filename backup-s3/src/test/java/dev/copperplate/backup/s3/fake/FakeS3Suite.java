package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.testkit.s3.FakeS3;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A fake with a client, and a few short words for what most tests do. */
abstract class FakeS3Suite {

  static final String BUCKET = "orders";

  FakeS3 fake;
  S3Client client;

  @BeforeEach
  void startServer() {
    fake = builder().start();
    client = client(fake);
  }

  FakeS3.Builder builder() {
    return FakeS3.builder();
  }

  S3Client client(FakeS3 of) {
    return S3Clients.usual(of);
  }

  @AfterEach
  void stopServer() {
    client.close();
    fake.close();
  }

  PutObjectResponse put(String key, String content) {
    return client.putObject(
        PutObjectRequest.builder().bucket(BUCKET).key(key).build(),
        RequestBody.fromString(content));
  }

  String get(String key) {
    return client
        .getObjectAsBytes(request -> request.bucket(BUCKET).key(key))
        .asString(StandardCharsets.UTF_8);
  }

  String get(String key, String version) {
    return client
        .getObjectAsBytes(request -> request.bucket(BUCKET).key(key).versionId(version))
        .asString(StandardCharsets.UTF_8);
  }

  static S3Exception assertRefused(int status, String code, Executable call) {
    S3Exception refused = assertThrows(S3Exception.class, call);
    assertEquals(code, refused.awsErrorDetails().errorCode());
    assertEquals(status, refused.statusCode());
    return refused;
  }
}
