package dev.copperplate.backup.s3.ceph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

class CephConditionsFactsTest extends CephFacts {

  private static final int WRITERS = 8;

  @Test
  void createsAnObjectOnlyOnceWhereThereAreNoVersions() {
    String bucket = ceph.bucket();
    create(bucket, "first");
    assertRefused("412 PreconditionFailed", () -> create(bucket, "second"));
    assertEquals("first", read(bucket, "a"));
  }

  @Test
  void letsOneOfManyWritersAtOnceCreateAnObject() throws Exception {
    String bucket = ceph.bucket();
    CyclicBarrier start = new CyclicBarrier(WRITERS);
    Callable<String> writer =
        () -> {
          start.await();
          try {
            create(bucket, "text");
            return "created";
          } catch (S3Exception e) {
            return e.awsErrorDetails().errorCode();
          }
        };
    int created = 0;
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      for (Future<String> each : writers.invokeAll(Collections.nCopies(WRITERS, writer))) {
        created += each.get().equals("created") ? 1 : 0;
      }
    } finally {
      writers.shutdownNow();
    }
    assertEquals(1, created);
  }

  /** Amazon refuses it here, too. */
  @Test
  void overwritesRegardlessOfTheConditionWhereThereAreVersions() {
    String bucket = versionedBucket();
    create(bucket, "first");
    create(bucket, "second");
    assertEquals("second", read(bucket, "a"));
    String locked = ceph.lockedBucket();
    create(locked, "first");
    create(locked, "second");
    assertEquals(2, versions(locked, "a").size());
  }

  @Test
  void checksTheConditionAgainOnceVersionsAreSuspended() {
    String bucket = versionedBucket();
    s3.putBucketVersioning(
        each -> each.bucket(bucket).versioningConfiguration(v -> v.status("Suspended")));
    create(bucket, "first");
    assertRefused("412 PreconditionFailed", () -> create(bucket, "second"));
  }

  private void create(String bucket, String text) {
    s3.putObject(
        each -> each.bucket(bucket).key("a").ifNoneMatch("*"), RequestBody.fromString(text));
  }

  /** Amazon refuses it. */
  @Test
  void completesAMultipartUploadRegardlessOfTheCondition() {
    String bucket = ceph.bucket();
    put(bucket, "a", "first");
    String upload = s3.createMultipartUpload(each -> each.bucket(bucket).key("a")).uploadId();
    String etag =
        s3.uploadPart(
                each -> each.bucket(bucket).key("a").uploadId(upload).partNumber(1),
                RequestBody.fromString("second"))
            .eTag();
    s3.completeMultipartUpload(
        each ->
            each.bucket(bucket)
                .key("a")
                .uploadId(upload)
                .ifNoneMatch("*")
                .multipartUpload(
                    m -> m.parts(CompletedPart.builder().partNumber(1).eTag(etag).build())));
    assertEquals("second", read(bucket, "a"));
  }

  @Test
  void knowsTheTagOfAnObjectOnlyWithoutItsQuotes() {
    String bucket = ceph.bucket();
    put(bucket, "a", "first");
    String etag = s3.headObject(each -> each.bucket(bucket).key("a")).eTag();
    assertRefused("412 PreconditionFailed", () -> replace(bucket, etag));
    replace(bucket, etag.replace("\"", ""));
    assertEquals("replaced", read(bucket, "a"));
  }

  private void replace(String bucket, String etag) {
    s3.putObject(
        each -> each.bucket(bucket).key("a").ifMatch(etag), RequestBody.fromString("replaced"));
  }
}
