package dev.copperplate.backup.repository.format;

/** Sound JSON that says something wrong: reading can go on behind it. */
public final class BadValueException extends FormatException {

  private static final long serialVersionUID = 1;

  BadValueException(String message) {
    super(message);
  }
}
