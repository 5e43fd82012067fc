package dev.copperplate.backup.s3.ceph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.StorageClass;

class CephTest {

  private final Ceph ceph = Ceph.require();

  @Test
  void keepsWhatItsOwnerPuts() {
    String bucket = ceph.bucket();
    ceph.client().putObject(each -> each.bucket(bucket).key("a"), RequestBody.fromString("text"));
    assertEquals("text", read(ceph.client(), bucket, "a"));
  }

  @Test
  void hasACheaperStorageClass() {
    String bucket = ceph.bucket();
    ceph.client()
        .putObject(
            each -> each.bucket(bucket).key("a").storageClass(StorageClass.STANDARD_IA),
            RequestBody.fromString("text"));
    assertEquals(
        StorageClass.STANDARD_IA,
        ceph.client().headObject(each -> each.bucket(bucket).key("a")).storageClass());
    assertEquals("text", read(ceph.client(), bucket, "a"));
  }

  @Test
  void makesBucketsWithLocks() {
    String bucket = ceph.lockedBucket();
    assertEquals(
        ObjectLockEnabled.ENABLED,
        ceph.client()
            .getObjectLockConfiguration(each -> each.bucket(bucket))
            .objectLockConfiguration()
            .objectLockEnabled());
  }

  @Test
  void refusesStrangers() throws IOException {
    String bucket = ceph.bucket();
    ceph.client().putObject(each -> each.bucket(bucket).key("a"), RequestBody.fromString("text"));
    try (S3Client stranger = ceph.client(ceph.stranger());
        S3Client another = ceph.client(ceph.user("another"))) {
      assertThrows(S3Exception.class, () -> read(stranger, bucket, "a"));
      assertThrows(S3Exception.class, () -> read(another, bucket, "a"));
    }
  }

  private static String read(S3Client client, String bucket, String key) {
    return client.getObjectAsBytes(each -> each.bucket(bucket).key(key)).asUtf8String();
  }
}
