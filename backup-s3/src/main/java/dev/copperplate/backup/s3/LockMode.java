package dev.copperplate.backup.s3;

import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/**
 * Who can take back a retention before its end. Source: <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">Object Lock</a>.
 */
public enum LockMode {

  /** Nobody, not even the owner of the account. */
  COMPLIANCE(ObjectLockMode.COMPLIANCE, ObjectLockRetentionMode.COMPLIANCE),

  /** Whoever has the right {@code s3:BypassGovernanceRetention}. */
  GOVERNANCE(ObjectLockMode.GOVERNANCE, ObjectLockRetentionMode.GOVERNANCE);

  private final ObjectLockMode ofPut;
  private final ObjectLockRetentionMode ofRetention;

  LockMode(ObjectLockMode ofPut, ObjectLockRetentionMode ofRetention) {
    this.ofPut = ofPut;
    this.ofRetention = ofRetention;
  }

  ObjectLockMode ofPut() {
    return ofPut;
  }

  ObjectLockRetentionMode ofRetention() {
    return ofRetention;
  }
}
