package dev.copperplate.backup.testkit;

/**
 * Something that a {@link HostileTarget} was asked to do. A deletion of many is one operation for
 * each key, since each has its own answer; so is retention.
 *
 * @param name the key, or the prefix of a listing
 * @param number counted from 1 over all that the target was asked
 */
public record Operation(Kind kind, String name, long number) {

  /** What is asked of a target. */
  public enum Kind {
    PUT,
    READ,
    LIST,
    DELETE,
    RETAIN
  }

  @Override
  public String toString() {
    return number + " " + kind + " " + name;
  }
}
