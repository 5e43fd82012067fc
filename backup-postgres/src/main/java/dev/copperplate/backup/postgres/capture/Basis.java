package dev.copperplate.backup.postgres.capture;

/** What a backup is based on: an earlier one, or nothing, and why. */
sealed interface Basis permits Parent, NoParent {

  /** How many backups the chain has so far. */
  int chain();
}
