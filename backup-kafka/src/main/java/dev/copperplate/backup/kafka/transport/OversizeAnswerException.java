package dev.copperplate.backup.kafka.transport;

import java.io.IOException;

/** An answer is larger than what was to be expected; it was not read. */
final class OversizeAnswerException extends IOException {

  private static final long serialVersionUID = 1;

  private final int size;

  OversizeAnswerException(Endpoint broker, int size) {
    super("The answer of " + broker + " has " + size + " bytes");
    this.size = size;
  }

  int size() {
    return size;
  }
}
