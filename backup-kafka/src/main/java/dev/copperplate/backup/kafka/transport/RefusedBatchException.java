package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;

/** A broker will not take this batch as it is; its records may still be taken in other batches. */
public final class RefusedBatchException extends BackupException {

  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** What is wrong with the batch. */
  public enum Reason {
    /** It has more bytes than {@code max.message.bytes} of the topic allows. */
    TOO_LARGE,
    /** It has gaps, no key in a compacted topic, or a compression that the broker does not take. */
    INVALID
  }

  RefusedBatchException(Reason reason, String message) {
    super(Kind.INVALID, message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
