package dev.copperplate.backup.repository.format;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are not what the repository format says. The message tells what is wrong with them,
 * without the name of the object: only the caller knows that.
 */
public class FormatException extends IOException {

  private static final long serialVersionUID = 1;

  public FormatException(String message) {
    super(message);
  }

  public FormatException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
