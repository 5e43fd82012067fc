package dev.copperplate.backup.records;

/** The kinds of records, and where each lies. */
public enum RecordKind {
  /** What a verification found; by content. */
  RECEIPT("receipts"),
  /** That a snapshot must not be removed, or no longer so; by run. */
  HOLD("holds"),
  /** That somebody agrees to the removal of snapshots; all below one word. */
  APPROVAL("approvals"),
  /** What went wrong while a snapshot was made; by run. */
  FINDINGS("findings"),
  /** Which packs were read when; by the run of the check. */
  CHECK("checks"),
  /** What a living process is about to do; by what it concerns. */
  LEASE("leases");

  private final String prefix;

  RecordKind(String folder) {
    this.prefix = "copperplate/" + folder + "/";
  }

  /** Whether records of this kind are removed as soon as they have served, so never retained. */
  boolean isRemoved() {
    return this == CHECK || this == LEASE;
  }

  /** What the keys of this kind start with, slash included. */
  public String prefix() {
    return prefix;
  }
}
