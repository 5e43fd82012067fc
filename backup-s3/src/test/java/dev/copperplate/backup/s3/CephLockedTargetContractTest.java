package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.s3.ceph.Ceph;
import dev.copperplate.backup.testkit.BackupTargetContract;

/** A bucket of a real store, with versions and Object Lock. */
class CephLockedTargetContractTest extends BackupTargetContract {

  @Override
  protected BackupTarget emptyTarget() {
    Ceph ceph = Ceph.require();
    return CephTargetContractTest.target(ceph, S3Location.of(ceph.lockedBucket()));
  }
}
