package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A target in a store of this process, and a few short words for what is done with targets. */
@Timeout(60)
abstract class S3TargetSuite {

  static final S3Location PLACE = new S3Location("orders", "backups");
  static final ObjectKey KEY = new ObjectKey("data/00/pack");
  static final byte[] BYTES = new byte[1000];

  FakeS3 store;
  S3Target target;

  @BeforeEach
  void open() {
    store = builder().start();
    store.createBucket(PLACE.bucket(), bucket());
    target = FakeTargets.builder(store, PLACE).build();
  }

  FakeS3.Builder builder() {
    return FakeS3.builder();
  }

  BucketOptions bucket() {
    return BucketOptions.plain();
  }

  @AfterEach
  void close() {
    target.close();
    store.close();
  }

  /** A place that was never put to use: it has no bucket. */
  S3TargetBuilder ofSomebody(String accessKey, String secretKey) {
    return FakeTargets.builder(store, PLACE, accessKey, secretKey);
  }

  void put() throws IOException {
    put(target);
  }

  static void put(BackupTarget in) throws IOException {
    in.put(KEY, Content.of(BYTES), PutOptions.DATA);
  }

  byte[] read() throws IOException {
    return read(target);
  }

  static byte[] read(BackupTarget from) throws IOException {
    try (InputStream in = from.read(KEY, ByteRange.ALL)) {
      return in.readAllBytes();
    }
  }

  static List<ObjectKey> list(BackupTarget of) throws IOException {
    List<ObjectKey> keys = new ArrayList<>();
    try (Cursor<ObjectInfo> all = of.list("")) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        keys.add(each.key());
      }
    }
    return keys;
  }
}
