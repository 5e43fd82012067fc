package dev.copperplate.backup.repository.lock;

/** What a living process may be about to do with a repository. */
public enum LeaseKind {
  /** A snapshot is being made that depends on the run that the lease is about. */
  DEPENDENCY("dependency"),
  /** Snapshots are being removed. */
  EXPIRY("expiry"),
  /** The repository is being pruned. */
  PRUNE("prune"),
  /** Writers are asked to wait before they begin another snapshot. */
  PAUSE("pause");

  private final String word;

  LeaseKind(String word) {
    this.word = word;
  }

  /** How keys say it. */
  String word() {
    return word;
  }
}
