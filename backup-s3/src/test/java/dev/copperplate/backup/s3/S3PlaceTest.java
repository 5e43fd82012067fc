package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.S3Calls;
import dev.copperplate.backup.testkit.s3.S3Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Places where there is no bucket of ours. */
class S3PlaceTest extends S3TargetSuite {

  @Test
  void aBucketThatIsMissingIsNoMissingObject() {
    try (S3Target nowhere = FakeTargets.builder(store, S3Location.of("ordres")).build()) {
      String remedy = "Create the bucket, or correct its name or the endpoint";
      assertEveryCallFails(Kind.INVALID, nowhere, "s3://ordres", "NoSuchBucket", remedy);
      Explained.failure(Kind.INVALID, () -> TestRepositories.open(nowhere), remedy);
    }
  }

  @Test
  void aBucketOfAnotherRegionAsksForItsRegion() {
    store.createBucket("elsewhere", BucketOptions.plain().elsewhere("eu-central-1"));
    try (S3Target other = FakeTargets.builder(store, S3Location.of("elsewhere")).build()) {
      assertEveryCallFails(Kind.INVALID, other, "s3://elsewhere", "region");
    }
  }

  @Test
  void aRequestThatIsSignedForAnotherRegionAsksForTheRightOne() {
    try (S3Target other = FakeTargets.builder(store, PLACE).region("eu-central-1").build()) {
      assertEveryCallFails(
          Kind.INVALID, other, "AuthorizationHeaderMalformed", "Give the region of the bucket");
    }
  }

  @Test
  void aRedirectionAsksForTheEndpoint() {
    for (int status : List.of(301, 307)) {
      store.heal();
      store.on(S3Calls.any(), S3Fault.refused(status, "Redirected"));
      assertEveryCallFails(Kind.INVALID, target, "Give the region or the endpoint of the bucket");
    }
  }

  @Test
  void whereNobodyListensTheEndpointIsToBeLookedAt() throws IOException {
    URI nobody;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + closed.getLocalPort());
    }
    try (S3Target unreachable = FakeTargets.builder(store, PLACE).endpoint(nobody).build()) {
      assertEveryCallFails(
          Kind.UNAVAILABLE, unreachable, nobody.getAuthority(), "refused", "Look at the endpoint");
    }
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() {
    URI unknown = URI.create("http://store.invalid:9000");
    try (S3Target unreachable =
        FakeTargets.builder(store, PLACE)
            .endpoint(unknown)
            .connectTimeout(Duration.ofSeconds(5))
            .build()) {
      assertEveryCallFails(Kind.UNAVAILABLE, unreachable, "store.invalid", "Look at the endpoint");
    }
  }

  private static void assertEveryCallFails(Kind kind, S3Target target, String... words) {
    Explained.failure(kind, () -> put(target), words);
    Explained.failure(kind, () -> put(target), "Put of data/00/pack to " + target.description());
    Explained.failure(kind, () -> target.read(KEY, ByteRange.ALL), words);
    Explained.failure(kind, () -> target.list("data/"), words);
    Explained.failure(kind, () -> target.delete(List.of(KEY)), words);
    Explained.failure(kind, target::capabilities, words);
  }
}
