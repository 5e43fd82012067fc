package dev.copperplate.backup.kafka.transport;

import java.io.IOException;

/** No answer will come any more; whether the request was carried out is not known. */
final class ConnectionLostException extends IOException {

  private static final long serialVersionUID = 1;

  ConnectionLostException(String message) {
    super(message);
  }
}
