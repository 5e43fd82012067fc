package dev.copperplate.backup.repository.crypto;

import java.io.IOException;

/**
 * A sealed container does not authenticate: it was cut, changed, or sealed with another key. Which
 * of these it was cannot be told apart.
 */
public final class DamagedContainerException extends IOException {

  private static final long serialVersionUID = 1;

  DamagedContainerException(String message) {
    super(message);
  }
}
