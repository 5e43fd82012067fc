package dev.copperplate.backup.files;

/**
 * What a restore does with a file, link or other non-directory that stands where it wants to write.
 * Directories are merged: they keep what the snapshot does not have, and get its metadata.
 */
public enum Overwrite {
  /** Refuses the whole restore with {@code ALREADY_EXISTS}, before any change. */
  FAIL,
  /**
   * Replaces what differs: another type, size, time of modification or link target, and all files
   * with several names. What is the same keeps its content, which is not compared, and gets the
   * metadata of the snapshot.
   */
  CHANGED,
  /** Replaces what was modified before the snapshot's; the rest stays as it is. */
  NEWER,
  /** Replaces everything. */
  ALWAYS
}
