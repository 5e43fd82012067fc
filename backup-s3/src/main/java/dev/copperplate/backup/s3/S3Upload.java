package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Base64;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Puts one object by one request, so that a store has it whole or not at all. Nothing is uploaded
 * in parts: packs are small, and stores are known to ignore conditions on the last step of an
 * upload in parts.
 */
final class S3Upload {

  /** What a store takes in one request. */
  private static final long MOST = 5L << 30;

  private static final String TYPE = "application/octet-stream";

  private final S3Client client;
  private final S3Requests requests;
  private final S3Settings settings;

  S3Upload(S3Client client, S3Requests requests, S3Settings settings) {
    this.client = client;
    this.requests = requests;
    this.settings = settings;
  }

  void put(String doing, ObjectKey key, Content content, PutOptions options) throws IOException {
    if (content.length() > MOST) {
      throw new BackupException(
          Kind.INVALID,
          doing + " refused: it has " + content.length() + " bytes, and one request takes " + MOST);
    }
    try (S3Content sent = new S3Content(content)) {
      send(doing, request(key, sent, options), sent);
    }
  }

  private PutObjectRequest request(ObjectKey key, S3Content content, PutOptions options)
      throws IOException {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(settings.location().bucket())
            .key(settings.location().stored(key.value()))
            .contentLength(content.length())
            .contentType(TYPE)
            .overrideConfiguration(settings::limit);
    if (options.ifAbsent()) {
      request.ifNoneMatch("*");
    }
    if (!options.hot()) {
      settings.dataClass().ifPresent(request::storageClass);
    }
    options
        .retainUntil()
        .ifPresent(
            until ->
                request
                    .objectLockMode(settings.lockMode().ofPut())
                    .objectLockRetainUntilDate(S3Retention.wholeSeconds(until)));
    return checked(request, content).build();
  }

  private PutObjectRequest.Builder checked(PutObjectRequest.Builder request, S3Content content)
      throws IOException {
    // Nobody would read a content that says it is empty, and notice that it is not.
    return settings.checksums() == ChecksumMode.TRAILER && content.length() > 0
        ? request.checksumAlgorithm(ChecksumAlgorithm.CRC32)
        : request.contentMD5(Base64.getEncoder().encodeToString(content.md5()));
  }

  private void send(String doing, PutObjectRequest request, S3Content content) throws IOException {
    RequestBody body = RequestBody.fromContentProvider(content, content.length(), TYPE);
    PutObjectResponse answer;
    try {
      answer = requests.make(doing, () -> client.putObject(request, body));
    } catch (IOException e) {
      throw cause(e, content);
    }
    if (answer.eTag() == null) {
      throw S3Failures.unusable(doing, "has no ETag, so it is none of an S3 store");
    }
  }

  /** What the content threw comes to us as a failure of the request. */
  private static IOException cause(IOException failure, S3Content content) {
    IOException own = content.failure();
    if (own == null || failure instanceof InterruptedIOException || S3Failures.isTimeout(failure)) {
      return failure;
    }
    if (own instanceof InterruptedIOException) {
      Thread.currentThread().interrupt();
    }
    own.addSuppressed(failure);
    return own;
  }
}
