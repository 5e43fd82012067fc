package dev.copperplate.backup.repository.format;

/**
 * Sound JSON that says something wrong: reading can go on behind it. Without a stack trace, because
 * hostile JSON makes one for every three bytes.
 */
public final class BadValueException extends FormatException {

  private static final long serialVersionUID = 1;

  BadValueException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
