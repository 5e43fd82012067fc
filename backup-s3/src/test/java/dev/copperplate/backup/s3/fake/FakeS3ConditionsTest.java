package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.testkit.s3.BucketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Conditions of writes. */
class FakeS3ConditionsTest extends FakeS3Suite {

  @BeforeEach
  void makeBucket() {
    fake.createBucket(BUCKET, BucketOptions.versioned());
  }

  private void putFirst(String key, String content) {
    client.putObject(
        r -> r.bucket(BUCKET).key(key).ifNoneMatch("*"), RequestBody.fromString(content));
  }

  @Test
  void onlyTheFirstWriterOfAKeyWins() {
    putFirst("k", "1");

    assertRefused(412, "PreconditionFailed", () -> putFirst("k", "2"));
    assertEquals("1", get("k"));
  }

  @Test
  void whoComesAfterAMarkerIsTheFirstAgain() {
    putFirst("k", "1");
    client.deleteObject(r -> r.bucket(BUCKET).key("k"));

    putFirst("k", "2");

    assertEquals("2", get("k"));
  }

  @Test
  void ofManyWritersAtOnceExactlyOneWins() throws Exception {
    int writers = 8;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      CyclicBarrier together = new CyclicBarrier(writers);
      List<Future<Integer>> statuses = new ArrayList<>();
      for (int number = 0; number < writers; number++) {
        String content = Integer.toString(number);
        statuses.add(
            threads.submit(
                () -> {
                  together.await();
                  return statusOfFirst(content);
                }));
      }
      int winners = 0;
      for (Future<Integer> status : statuses) {
        winners += status.get() == 200 ? 1 : 0;
      }
      assertEquals(1, winners);
      assertEquals(1, client.listObjectVersions(r -> r.bucket(BUCKET)).versions().size());
    } finally {
      threads.shutdownNow();
    }
  }

  private int statusOfFirst(String content) {
    try {
      putFirst("k", content);
      return 200;
    } catch (S3Exception e) {
      return e.statusCode();
    }
  }

  @Test
  void aWriterWhoNamesTheTagReplacesOnlyThat() {
    String tag = put("k", "1").eTag();

    client.putObject(r -> r.bucket(BUCKET).key("k").ifMatch(tag), RequestBody.fromString("2"));
    assertRefused(
        412,
        "PreconditionFailed",
        () ->
            client.putObject(
                r -> r.bucket(BUCKET).key("k").ifMatch(tag), RequestBody.fromString("3")));
    assertRefused(
        404,
        "NoSuchKey",
        () ->
            client.putObject(
                r -> r.bucket(BUCKET).key("absent").ifMatch(tag), RequestBody.fromString("3")));
    assertEquals("2", get("k"));
  }

  @Test
  void aDeletionMayNameTheTag() {
    put("k", "1");

    assertRefused(
        412,
        "PreconditionFailed",
        () -> client.deleteObject(r -> r.bucket(BUCKET).key("k").ifMatch("\"other\"")));
    assertEquals("1", get("k"));
  }
}
