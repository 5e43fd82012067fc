package dev.copperplate.backup;

import java.io.IOException;
import java.util.List;

/**
 * The snapshots that can be read: those of a repository, or of a chain of replicas. Thread-safe.
 */
public interface Snapshots {

  /** The snapshots that the filter lets through, newest first. */
  List<Snapshot> list(SnapshotFilter filter) throws IOException;

  /**
   * Opens a snapshot for reading. The caller closes it.
   *
   * @throws BackupException {@code NOT_FOUND} if it is no longer there
   */
  SnapshotReader open(Snapshot snapshot) throws IOException;
}
