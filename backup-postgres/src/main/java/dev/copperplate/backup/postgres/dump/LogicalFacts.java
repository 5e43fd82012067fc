package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.postgres.capture.Facts;

/** Keys of the manifest of a logical snapshot. */
public final class LogicalFacts {

  public static final String KIND = Facts.KIND;
  public static final String LOGICAL = "logical";
  public static final String SERVER_VERSION = Facts.SERVER_VERSION;
  public static final String LSN = "lsn";
  public static final String DATABASES = "databases";
  public static final String ROWS = "rows";
  public static final String DEFINITIONS = "definitions";

  private LogicalFacts() {}
}
