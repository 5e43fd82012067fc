package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.postgres.capture.Facts;

/** Keys of the manifest of a logical snapshot. */
final class LogicalFacts {

  static final String KIND = Facts.KIND;
  static final String LOGICAL = "logical";
  static final String SERVER_VERSION = Facts.SERVER_VERSION;
  static final String LSN = "lsn";
  static final String DATABASES = "databases";
  static final String ROWS = "rows";
  static final String DEFINITIONS = "definitions";

  private LogicalFacts() {}
}
