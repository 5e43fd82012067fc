package dev.copperplate.backup.kafka.transport;

import java.io.IOException;

/** What the broker has is no continuation of what was read before. */
public final class HistoryChangedException extends IOException {

  private static final long serialVersionUID = 1;

  /** What happened to the partition. */
  public enum Change {
    /** There is a topic of this name, but with another id. */
    RECREATED,
    /** There is no topic of this name. */
    DELETED,
    /** The log ends, or had ended, below the offset that was read already. */
    TRUNCATED
  }

  private final Change change;

  HistoryChangedException(Change change, String message) {
    super(message);
    this.change = change;
  }

  public Change change() {
    return change;
  }
}
