package dev.copperplate.backup.testkit.s3;

import java.time.Instant;

/** Until when a version is kept, and how firmly. */
record Retention(RetentionMode mode, Instant until) {

  boolean isOver(Instant now) {
    return !now.isBefore(until);
  }

  /**
   * Whether this may become another one: a COMPLIANCE only a longer COMPLIANCE, a GOVERNANCE
   * anything that is not weaker, and anything at all with the bypass.
   */
  boolean mayBecome(Retention other, Instant now, boolean bypass) {
    if (isOver(now)) {
      return true;
    }
    boolean longer = !other.until.isBefore(until);
    return mode == RetentionMode.COMPLIANCE
        ? longer && other.mode == RetentionMode.COMPLIANCE
        : longer || bypass;
  }
}
