package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Conditions of writes. */
class FakeS3ConditionsTest extends FakeS3Suite {

  private static final int WRITERS = 8;
  private static final int ROUNDS = 20;

  /** Between looking and writing the server asks what time it is: that takes a while here. */
  @Override
  FakeS3.Builder builder() {
    return super.builder()
        .clock(
            () -> {
              LockSupport.parkNanos(1_000_000);
              return Instant.now();
            });
  }

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
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      CyclicBarrier together = new CyclicBarrier(WRITERS);
      List<Future<Integer>> wins = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        wins.add(threads.submit(() -> winsOf(together)));
      }
      int winners = 0;
      for (Future<Integer> each : wins) {
        winners += each.get();
      }
      assertEquals(ROUNDS, winners);
      assertEquals(ROUNDS, client.listObjectVersions(r -> r.bucket(BUCKET)).versions().size());
    } finally {
      threads.shutdownNow();
    }
  }

  private int winsOf(CyclicBarrier together) throws Exception {
    int wins = 0;
    for (int round = 0; round < ROUNDS; round++) {
      together.await();
      wins += isFirst("k" + round) ? 1 : 0;
    }
    return wins;
  }

  private boolean isFirst(String key) {
    try {
      putFirst(key, "1");
      return true;
    } catch (S3Exception e) {
      assertEquals(412, e.statusCode());
      return false;
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
