package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupTarget;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;

class VersioningTargetTest extends BackupTargetContract {

  @Override
  protected BackupTarget emptyTarget() {
    return new VersioningTarget();
  }

  /** A bucket with Object Lock. */
  @Nested
  class Retaining extends BackupTargetContract {

    @Override
    protected BackupTarget emptyTarget() {
      return RetainingTarget.over(new VersioningTarget(), InstantSource.system());
    }
  }
}
