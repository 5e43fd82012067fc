package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.RetentionMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Uploads in parts. */
class FakeS3MultipartTest extends FakeS3Suite {

  private static final int FIVE_MIB = 5 << 20;

  @BeforeEach
  void makeBucket() {
    fake.createBucket(BUCKET);
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private String begin(String key) {
    return client.createMultipartUpload(r -> r.bucket(BUCKET).key(key)).uploadId();
  }

  private CompletedPart part(String upload, int number, byte[] content) {
    UploadPartResponse sent =
        client.uploadPart(
            r -> r.bucket(BUCKET).key("k").uploadId(upload).partNumber(number),
            RequestBody.fromBytes(content));
    return CompletedPart.builder()
        .partNumber(number)
        .eTag(sent.eTag())
        .checksumCRC32(sent.checksumCRC32())
        .checksumSHA256(sent.checksumSHA256())
        .build();
  }

  private CompleteMultipartUploadResponse complete(String upload, CompletedPart... parts) {
    return client.completeMultipartUpload(
        r ->
            r.bucket(BUCKET)
                .key("k")
                .uploadId(upload)
                .multipartUpload(completed -> completed.parts(parts)));
  }

  @Test
  void partsJoinToTheObject() {
    byte[] first = bytes(FIVE_MIB, 1);
    byte[] second = bytes(1000, 2);
    String upload = begin("k");

    CompletedPart one = part(upload, 1, first);
    CompletedPart seven = part(upload, 7, second);
    ListPartsResponse listed = client.listParts(r -> r.bucket(BUCKET).key("k").uploadId(upload));
    CompleteMultipartUploadResponse done = complete(upload, one, seven);

    assertEquals(2, listed.parts().size());
    assertEquals(7, listed.parts().get(1).partNumber());
    assertTrue(done.eTag().endsWith("-2\""), done.eTag());
    byte[] whole = client.getObjectAsBytes(r -> r.bucket(BUCKET).key("k")).asByteArray();
    assertArrayEquals(first, Arrays.copyOf(whole, FIVE_MIB));
    assertEquals(FIVE_MIB + 1000, whole.length);
    assertTrue(client.listMultipartUploads(r -> r.bucket(BUCKET)).uploads().isEmpty());
  }

  @Test
  void everyPartButTheLastHasFiveMebibytes() {
    String upload = begin("k");
    CompletedPart small = part(upload, 1, bytes(FIVE_MIB - 1, 1));
    CompletedPart last = part(upload, 2, bytes(1, 2));

    assertRefused(400, "EntityTooSmall", () -> complete(upload, small, last));
    complete(upload, small);
  }

  @Test
  void partsAreNamedInOrderAndAsTheyAre() {
    String upload = begin("k");
    CompletedPart one = part(upload, 1, bytes(FIVE_MIB, 1));
    CompletedPart two = part(upload, 2, bytes(1, 2));

    assertRefused(400, "InvalidPartOrder", () -> complete(upload, two, one));
    assertRefused(
        400, "InvalidPart", () -> complete(upload, one, two.toBuilder().eTag("\"other\"").build()));
    assertRefused(
        400, "InvalidPart", () -> complete(upload, one, two.toBuilder().partNumber(3).build()));
    assertRefused(400, "MalformedXML", () -> complete(upload));
    complete(upload, one, two);
  }

  @Test
  void whatIsAbortedOrDoneIsGone() {
    String aborted = begin("k");
    client.abortMultipartUpload(r -> r.bucket(BUCKET).key("k").uploadId(aborted));
    assertRefused(404, "NoSuchUpload", () -> part(aborted, 1, bytes(1, 1)));
    assertRefused(
        404,
        "NoSuchUpload",
        () -> client.abortMultipartUpload(r -> r.bucket(BUCKET).key("k").uploadId(aborted)));

    String done = begin("k");
    CompletedPart part = part(done, 1, bytes(1, 1));
    complete(done, part);
    assertRefused(404, "NoSuchUpload", () -> complete(done, part));
  }

  @Test
  void aConditionFailsInTheEndAndTheUploadGoesOn() {
    String upload = begin("k");
    CompletedPart part = part(upload, 1, bytes(1, 1));
    put("k", "first");

    assertRefused(
        412,
        "PreconditionFailed",
        () ->
            client.completeMultipartUpload(
                r ->
                    r.bucket(BUCKET)
                        .key("k")
                        .uploadId(upload)
                        .ifNoneMatch("*")
                        .multipartUpload(completed -> completed.parts(part))));
    assertEquals("first", get("k"));
    complete(upload, part);
  }

  @Test
  void uploadsAreListedByKeyPageByPage() {
    List<String> begun = new ArrayList<>();
    for (String key : List.of("a", "b", "b", "c/1", "c/2")) {
      begun.add(key + " " + begin(key));
    }
    for (int size = 1; size < 7; size++) {
      int most = size;
      List<String> listed = new ArrayList<>();
      for (MultipartUpload upload :
          client.listMultipartUploadsPaginator(r -> r.bucket(BUCKET).maxUploads(most)).uploads()) {
        listed.add(upload.key() + " " + upload.uploadId());
      }
      assertEquals(begun, listed);
    }
    assertEquals(
        "c/",
        client
            .listMultipartUploads(r -> r.bucket(BUCKET).delimiter("/"))
            .commonPrefixes()
            .get(0)
            .prefix());
  }

  @Test
  void theChecksumOfPartsIsOneOfChecksums() {
    String upload =
        client
            .createMultipartUpload(
                r -> r.bucket(BUCKET).key("k").checksumAlgorithm(ChecksumAlgorithm.SHA256))
            .uploadId();
    UploadPartResponse sent =
        client.uploadPart(
            r ->
                r.bucket(BUCKET)
                    .key("k")
                    .uploadId(upload)
                    .partNumber(1)
                    .checksumAlgorithm(ChecksumAlgorithm.SHA256),
            RequestBody.fromString("content"));
    assertRefused(
        400,
        "InvalidRequest",
        () ->
            client.uploadPart(
                r ->
                    r.bucket(BUCKET)
                        .key("k")
                        .uploadId(upload)
                        .partNumber(2)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                RequestBody.fromString("content")));

    CompletedPart part =
        CompletedPart.builder()
            .partNumber(1)
            .eTag(sent.eTag())
            .checksumSHA256(sent.checksumSHA256())
            .build();
    assertRefused(
        400,
        "InvalidRequest",
        () -> complete(upload, part.toBuilder().checksumSHA256(null).build()));
    CompleteMultipartUploadResponse done = complete(upload, part);

    assertTrue(done.checksumSHA256().endsWith("-1"), done.checksumSHA256());
    assertEquals("COMPOSITE", done.checksumTypeAsString());
  }

  @Test
  void theDefaultRetentionLocksWhatCameInParts() {
    fake.createBucket("locked", BucketOptions.locked().retaining(RetentionMode.COMPLIANCE, 1));
    String upload = client.createMultipartUpload(r -> r.bucket("locked").key("k")).uploadId();
    UploadPartResponse sent =
        client.uploadPart(
            r -> r.bucket("locked").key("k").uploadId(upload).partNumber(1),
            RequestBody.fromString("content"));
    client.completeMultipartUpload(
        r ->
            r.bucket("locked")
                .key("k")
                .uploadId(upload)
                .multipartUpload(
                    completed ->
                        completed.parts(
                            CompletedPart.builder().partNumber(1).eTag(sent.eTag()).build())));

    assertEquals(
        ObjectLockMode.COMPLIANCE,
        client.headObject(r -> r.bucket("locked").key("k")).objectLockMode());
  }
}
