package dev.copperplate.backup;

/** How good a snapshot is, as far as its capture knew. */
public enum SnapshotState {
  /** Nothing is missing. */
  COMPLETE,
  /** Something could not be captured, or changed meanwhile; findings name it. */
  PARTIAL,
  /** Not to be relied on. Counts for nothing in retention and is never built upon. */
  DAMAGED
}
