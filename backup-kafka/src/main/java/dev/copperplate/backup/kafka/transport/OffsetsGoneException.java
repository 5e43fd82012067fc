package dev.copperplate.backup.kafka.transport;

import java.io.IOException;

/** Retention was faster: the broker no longer has an offset that it had. */
public final class OffsetsGoneException extends IOException {

  private static final long serialVersionUID = 1;

  private final long logStart;

  OffsetsGoneException(String partition, long wanted, long logStart) {
    super("Offset " + wanted + " of " + partition + " is gone; its log starts at " + logStart);
    this.logStart = logStart;
  }

  /** The first offset that the broker has. */
  public long logStart() {
    return logStart;
  }
}
