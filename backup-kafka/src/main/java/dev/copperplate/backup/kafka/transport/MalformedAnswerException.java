package dev.copperplate.backup.kafka.transport;

import java.io.IOException;

/** Bytes of a broker that do not follow its protocol. */
final class MalformedAnswerException extends IOException {

  private static final long serialVersionUID = 1;

  MalformedAnswerException(String message) {
    super(message);
  }
}
