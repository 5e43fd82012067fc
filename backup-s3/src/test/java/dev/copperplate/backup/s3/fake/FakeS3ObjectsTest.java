package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Objects, with the SDK as it is unless told otherwise. */
class FakeS3ObjectsTest extends FakeS3Suite {

  @BeforeEach
  void makeBucket() {
    fake.createBucket(BUCKET);
  }

  @Test
  void whatIsPutComesBackWithItsTypeAndMetadata() {
    PutObjectResponse put =
        client.putObject(
            request ->
                request
                    .bucket(BUCKET)
                    .key("a b/ü+&.txt")
                    .contentType("text/plain")
                    .metadata(Map.of("origin", "orders")),
            RequestBody.fromString("content"));

    HeadObjectResponse head =
        client.headObject(request -> request.bucket(BUCKET).key("a b/ü+&.txt"));

    assertEquals("content", get("a b/ü+&.txt"));
    assertEquals("text/plain", head.contentType());
    assertEquals(Map.of("origin", "orders"), head.metadata());
    assertEquals(7, head.contentLength());
    assertEquals("\"9a0364b9e99bb480dd25e1f0284c8555\"", put.eTag());
    assertEquals(put.eTag(), head.eTag());
  }

  @Test
  void severalMegabytesAndNothingAtAllSurvive() {
    byte[] large = new byte[5_000_000];
    new Random(1).nextBytes(large);
    client.putObject(r -> r.bucket(BUCKET).key("large"), RequestBody.fromBytes(large));
    put("empty", "");

    assertArrayEquals(
        large, client.getObjectAsBytes(r -> r.bucket(BUCKET).key("large")).asByteArray());
    assertEquals("", get("empty"));
  }

  @Test
  void everyChecksumOfTheSdkIsAcceptedAndKept() {
    for (ChecksumAlgorithm algorithm :
        List.of(
            ChecksumAlgorithm.CRC32,
            ChecksumAlgorithm.CRC32_C,
            ChecksumAlgorithm.SHA1,
            ChecksumAlgorithm.SHA256)) {
      client.putObject(
          r -> r.bucket(BUCKET).key(algorithm.toString()).checksumAlgorithm(algorithm),
          RequestBody.fromString("content"));
      assertEquals("content", get(algorithm.toString()));
    }
    HeadObjectResponse head =
        client.headObject(r -> r.bucket(BUCKET).key("SHA256").checksumMode("ENABLED"));
    assertNotNull(head.checksumSHA256());
    assertEquals("FULL_OBJECT", head.checksumTypeAsString());
  }

  @Test
  void aWrongChecksumOrContentMd5IsRefusedAndNothingIsStored() {
    assertRefused(
        400,
        "BadDigest",
        () ->
            client.putObject(
                r -> r.bucket(BUCKET).key("k").checksumCRC32("AAAAAA=="),
                RequestBody.fromString("content")));
    assertRefused(
        400,
        "BadDigest",
        () ->
            client.putObject(
                r -> r.bucket(BUCKET).key("k").contentMD5("AAAAAAAAAAAAAAAAAAAAAA=="),
                RequestBody.fromString("content")));
    assertRefused(404, "NoSuchKey", () -> get("k"));
  }

  @Test
  void rangesAreServedAndThoseBehindTheEndAreRefused() {
    put("k", "0123456789");

    assertEquals("234", range("bytes=2-4"));
    assertEquals("789", range("bytes=7-"));
    assertEquals("89", range("bytes=-2"));
    assertEquals("89", range("bytes=8-99"));
    assertRefused(416, "InvalidRange", () -> range("bytes=10-"));
  }

  private String range(String range) {
    return client.getObjectAsBytes(r -> r.bucket(BUCKET).key("k").range(range)).asUtf8String();
  }

  @Test
  void conditionsOfReadsCount() {
    String tag = put("k", "content").eTag();

    assertEquals(
        "content",
        client.getObjectAsBytes(r -> r.bucket(BUCKET).key("k").ifMatch(tag)).asUtf8String());
    assertRefused(
        412,
        "PreconditionFailed",
        () -> client.getObjectAsBytes(r -> r.bucket(BUCKET).key("k").ifMatch("\"other\"")));
    S3Exception same =
        assertThrows(
            S3Exception.class,
            () -> client.getObjectAsBytes(r -> r.bucket(BUCKET).key("k").ifNoneMatch(tag)));
    assertEquals(304, same.statusCode());
  }

  @Test
  void whatIsAbsentIsNamedAsSuch() {
    assertRefused(404, "NoSuchKey", () -> get("absent"));
    assertRefused(
        404, "NoSuchBucket", () -> client.getObjectAsBytes(r -> r.bucket("absent").key("k")));
    S3Exception head =
        assertThrows(
            S3Exception.class, () -> client.headObject(r -> r.bucket(BUCKET).key("absent")));
    assertEquals(404, head.statusCode());
  }

  @Test
  void deletingIsRepeatable() {
    put("k", "content");

    client.deleteObject(r -> r.bucket(BUCKET).key("k"));
    client.deleteObject(r -> r.bucket(BUCKET).key("k"));

    assertRefused(404, "NoSuchKey", () -> get("k"));
  }

  @Test
  void manyAreDeletedAtOnceAndQuietlyIfAsked() {
    put("a", "1");
    put("b<&", "2");

    DeleteObjectsResponse said = delete(false, "a", "absent");
    DeleteObjectsResponse quiet = delete(true, "b<&");

    assertEquals(2, said.deleted().size());
    assertTrue(said.errors().isEmpty());
    assertFalse(quiet.hasDeleted());
    assertRefused(404, "NoSuchKey", () -> get("b<&"));
  }

  private DeleteObjectsResponse delete(boolean quiet, String... keys) {
    List<ObjectIdentifier> objects =
        List.of(keys).stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
    return client.deleteObjects(
        r -> r.bucket(BUCKET).delete(delete -> delete.objects(objects).quiet(quiet)));
  }
}
