package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.testkit.BackupTargetContract;
import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import dev.copperplate.backup.testkit.s3.Oddity;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** Buckets of a store that is as strict as AWS, in this process. */
class FakeTargetContractTest {

  private abstract static class Suite extends BackupTargetContract {

    private final BucketOptions options;
    private final ChecksumMode checksums;
    private final Oddity[] oddities;
    private FakeS3 store;

    Suite(BucketOptions options, ChecksumMode checksums, Oddity... oddities) {
      this.options = options;
      this.checksums = checksums;
      this.oddities = oddities;
    }

    @Override
    protected BackupTarget emptyTarget() throws IOException {
      store = FakeS3.builder().oddities(oddities).start();
      store.createBucket("orders", options);
      return FakeTargets.builder(store, new S3Location("orders", "backups"))
          .checksums(checksums)
          .build();
    }

    @AfterEach
    void closeStore() {
      store.close();
    }
  }

  @Nested
  class Plain extends Suite {
    Plain() {
      super(BucketOptions.plain(), ChecksumMode.CONTENT_MD5);
    }
  }

  @Nested
  class WithVersions extends Suite {
    WithVersions() {
      super(BucketOptions.versioned(), ChecksumMode.CONTENT_MD5);
    }
  }

  @Nested
  class WithLocks extends Suite {
    WithLocks() {
      super(BucketOptions.locked(), ChecksumMode.CONTENT_MD5);
    }
  }

  /** As for AWS. */
  @Nested
  class WithLocksAndTrailingChecksums extends Suite {
    WithLocksAndTrailingChecksums() {
      super(BucketOptions.locked(), ChecksumMode.TRAILER);
    }
  }

  /** A store that answers success to conditions that it ignores. */
  @Nested
  class IgnoringConditions extends Suite {
    IgnoringConditions() {
      super(
          BucketOptions.plain(),
          ChecksumMode.CONTENT_MD5,
          Oddity.IGNORES_CONDITIONS,
          Oddity.REFUSES_TRAILERS,
          Oddity.NO_LOCK);
    }
  }
}
