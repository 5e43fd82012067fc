package dev.copperplate.backup;

import java.io.IOException;

/**
 * Shows whether a snapshot can be relied on.
 *
 * <p>An implementation is immutable configuration and thread-safe. A bad backup is a {@link
 * Finding} in the {@link Verification}, never an exception: an exception means that the verifier
 * could not look. {@link BackupException.Kind#MISSING} and {@link BackupException.Kind#DAMAGED}
 * from the reader may pass through: the engine makes findings of them.
 */
public interface Verifier {

  /**
   * Looks at the snapshot, and at others through {@link RunContext#snapshots}.
   *
   * @param context its {@link RestoreContext#begin} refuses whatever would destroy something
   * @throws IOException if the verifier could not look
   * @throws InterruptedException if the run was cancelled
   */
  Verification verify(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException;
}
