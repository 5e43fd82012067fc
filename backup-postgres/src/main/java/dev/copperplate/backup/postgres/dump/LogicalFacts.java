package dev.copperplate.backup.postgres.dump;

/** Keys of the manifest of a logical snapshot. */
public final class LogicalFacts {

  public static final String KIND = "kind";
  public static final String LOGICAL = "logical";
  public static final String SERVER_VERSION = "server-version";
  public static final String LSN = "lsn";
  public static final String DATABASES = "databases";
  public static final String ROWS = "rows";
  public static final String DEFINITIONS = "definitions";

  private LogicalFacts() {}
}
