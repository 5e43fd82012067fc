package dev.copperplate.backup.postgres;

/**
 * Who keeps a slot from moving on, or from being created. What the role may not see is empty: it
 * needs {@code pg_monitor} to see all.
 *
 * @param kind in which way
 * @param pid of the server's process; 0 for a prepared transaction, which has none
 * @param transaction its number; empty for a consumer
 * @param name the application's; of a prepared transaction its identifier
 * @param client its address; empty over a local socket
 * @param state of its session, or of its stream of changes
 * @param waitsFor what its process waits for
 * @param since when its session or its transaction began, or when a consumer last replied: a time
 *     of the server's clock, in UTC
 */
public record SlotHolder(
    Kind kind,
    int pid,
    String transaction,
    String name,
    String role,
    String client,
    String state,
    String waitsFor,
    String since) {

  /** In which way something is held. */
  public enum Kind {
    /** It is connected to the slot. */
    CONSUMER,
    /**
     * Its transaction writes: the log is kept for it, and no slot can be created before it ends.
     */
    TRANSACTION,
    /** The same without a process, until somebody commits it or rolls it back. */
    PREPARED
  }

  /** In words. */
  @Override
  public String toString() {
    String who =
        switch (kind) {
          case CONSUMER -> "consumer, process " + pid + " of application '" + name + "'";
          case TRANSACTION -> "transaction of process " + pid + ", application '" + name + "'";
          case PREPARED -> "prepared transaction '" + name + "'";
        };
    return who
        + part(", role ", role)
        + part(", at ", client)
        + part(", ", state)
        + part(", waits for ", waitsFor)
        + part(kind == Kind.CONSUMER ? ", last reply " : ", since ", since);
  }

  private static String part(String before, String value) {
    return value.isEmpty() ? "" : before + value;
  }
}
