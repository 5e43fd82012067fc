package dev.copperplate.backup.testkit.s3;

import org.jspecify.annotations.Nullable;

/**
 * What a new version is locked with.
 *
 * @param retention null for none
 */
record LockSettings(@Nullable Retention retention, LegalHold hold) {

  static final LockSettings NONE = new LockSettings(null, LegalHold.NEVER);

  void applyTo(StoredVersion version) {
    version.setRetention(retention);
    version.setHold(hold);
  }
}
