package dev.copperplate.backup;

/**
 * Something that a person should know of a snapshot or a run.
 *
 * <p>In a capture a warning makes the snapshot partial and an error makes it damaged; in a
 * verification an error fails it.
 *
 * @param severity how bad
 * @param subject which object: a path, a table, a pack
 * @param message what is wrong with it
 * @param remedy what a person can do; may be empty
 */
public record Finding(Severity severity, String subject, String message, String remedy) {

  public enum Severity {
    INFO,
    WARNING,
    ERROR
  }

  public static Finding info(String subject, String message) {
    return new Finding(Severity.INFO, subject, message, "");
  }

  public static Finding warning(String subject, String message, String remedy) {
    return new Finding(Severity.WARNING, subject, message, remedy);
  }

  public static Finding error(String subject, String message, String remedy) {
    return new Finding(Severity.ERROR, subject, message, remedy);
  }

  @Override
  public String toString() {
    String text = severity + " " + subject + ": " + message;
    return remedy.isEmpty() ? text : text + " (" + remedy + ")";
  }
}
