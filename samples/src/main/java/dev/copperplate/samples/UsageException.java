package dev.copperplate.samples;

/** The arguments make no sense. The message says which, and what would. */
final class UsageException extends Exception {

  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
