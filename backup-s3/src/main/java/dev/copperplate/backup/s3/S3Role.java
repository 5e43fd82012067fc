package dev.copperplate.backup.s3;

/**
 * What a process may do to a repository in a bucket. All of them read the whole repository, list
 * it, and write and delete locks, since whoever reads must be seen by whoever prunes.
 *
 * @see S3Policies
 */
public enum S3Role {
  /**
   * Makes backups: writes every object of the repository, and deletes none but locks. Whoever
   * steals its credential can add to a bucket with versions, and destroy nothing.
   */
  WRITER,

  /** Lists and restores. */
  READER,

  /**
   * Removes snapshots and what nothing needs any more, and writes what it repacks. It neither
   * changes nor deletes the configuration and the keys.
   */
  PRUNER,

  /** Reads, and writes receipts of what it found. */
  VERIFIER
}
