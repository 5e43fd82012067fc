package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.capture.Facts;

/** Keys of the manifest of a snapshot of replication objects. */
final class ReplicationFacts {

  static final String KIND = Facts.KIND;
  static final String REPLICATION = "replication";
  static final String SERVER_VERSION = Facts.SERVER_VERSION;
  static final String TIMELINE = Facts.TIMELINE;
  static final String LSN = "lsn";
  static final String SLOTS = "slots";
  static final String PUBLICATIONS = "publications";
  static final String SUBSCRIPTIONS = "subscriptions";

  private ReplicationFacts() {}
}
