package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.testkit.BackupTargetContract;
import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import dev.copperplate.backup.testkit.s3.Oddity;
import dev.copperplate.backup.testkit.s3.S3Calls;
import dev.copperplate.backup.testkit.s3.S3Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.services.s3.S3Client;

/** Targets by a client of the host, which is as the SDK makes them. */
class HostClientTest {

  @Nested
  class Contract extends BackupTargetContract {

    private final FakeS3 store = FakeS3.start();
    private final S3Client client = HostClients.usual(store);

    @Override
    protected BackupTarget emptyTarget() {
      store.createBucket("orders", BucketOptions.versioned());
      return S3Target.of(client, "orders");
    }

    @AfterEach
    void closeStore() {
      client.close();
      store.close();
    }
  }

  @Nested
  class Ownership extends S3TargetSuite {

    private S3Client client;

    private S3Target hosts() {
      client = HostClients.usual(store);
      return S3Target.of(client, PLACE.bucket());
    }

    @AfterEach
    void closeClient() {
      client.close();
    }

    @Test
    void theClientIsNotClosedWithItsTarget() throws IOException {
      S3Target first = hosts();
      put(first);
      first.close();
      Explained.failure(Kind.INVALID, () -> put(first), "the target is closed");
      S3Target second = S3Target.of(client, PLACE.bucket());
      assertArrayEquals(BYTES, read(second));
      assertEquals(1, client.listBuckets().buckets().size());
    }

    @Test
    void itsOwnAttemptsCount() throws IOException {
      S3Target hosts = hosts();
      store.on(S3Calls.of("PutObject").first(1), S3Fault.slowDown());
      put(hosts);
      assertEquals(2, store.count("PutObject"));
    }

    @Test
    void manyAreDeletedByItsOwnChecksum() throws IOException {
      S3Target hosts = hosts();
      List<ObjectKey> keys = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        ObjectKey key = new ObjectKey("data/00/" + i);
        keys.add(key);
        hosts.put(key, Content.of(BYTES), PutOptions.DATA);
      }
      assertEquals(Map.of(), hosts.delete(keys));
      assertEquals(1, store.count("DeleteObjects"));
      assertEquals(List.of(), list(hosts));
    }

    @Test
    void itsCapabilitiesAreThoseOfTheBucket() throws IOException {
      store.createBucket("locked", BucketOptions.locked());
      hosts();
      assertTrue(S3Target.of(client, "locked").capabilities().contains(Capability.RETENTION));
    }
  }

  @Nested
  class OnAStoreWithoutTrailers extends S3TargetSuite {

    @Override
    FakeS3.Builder builder() {
      return FakeS3.builder().oddities(Oddity.REFUSES_TRAILERS);
    }

    @Test
    void aClientWithTheDefaultsOfTheSdkIsToldHowToBeBuilt() {
      try (S3Client client = HostClients.usual(store)) {
        Explained.failure(
            Kind.UNAVAILABLE,
            () -> put(S3Target.of(client, PLACE.bucket())),
            "XAmzContentSHA256Mismatch",
            "ChecksumMode.CONTENT_MD5",
            "RequestChecksumCalculation.WHEN_REQUIRED");
      }
    }

    @Test
    void aClientThatIsBuiltSoPuts() throws IOException {
      try (S3Client client =
          HostClients.builder(store)
              .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
              .build()) {
        S3Target hosts = S3Target.of(client, PLACE.bucket());
        put(hosts);
        assertArrayEquals(BYTES, read(hosts));
      }
    }
  }
}
