package dev.copperplate.backup.testkit.s3;

/**
 * The <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html#object-lock-retention-modes">
 * modes of retention</a>.
 */
public enum RetentionMode {
  /** Whoever may bypass it and says so can delete, shorten and end it. */
  GOVERNANCE,
  /** Nobody can, until its time has come; it can only become longer. */
  COMPLIANCE;

  static RetentionMode named(String name) {
    for (RetentionMode mode : values()) {
      if (mode.name().equals(name)) {
        return mode;
      }
    }
    throw S3Error.invalidArgument("Unknown wormMode directive.", "mode", name);
  }
}
