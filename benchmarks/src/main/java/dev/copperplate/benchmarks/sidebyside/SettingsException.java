package dev.copperplate.benchmarks.sidebyside;

/** What was asked for makes no sense, or something that it needs is missing. */
final class SettingsException extends Exception {

  private static final long serialVersionUID = 1;

  SettingsException(String message) {
    super(message);
  }
}
