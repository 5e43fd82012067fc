package dev.copperplate.backup;

import java.io.IOException;

/**
 * Puts a snapshot back into a live or a scratch system.
 *
 * <p>An implementation is immutable configuration and thread-safe.
 */
public interface Restorer {

  /**
   * Restores the snapshot.
   *
   * <p>Calls {@link RestoreContext#begin} exactly once, before its first change, and lets its
   * exception pass: that is how a dry run ends. The content of a snapshot is hostile: names, links,
   * sizes and depths are checked before they are acted on.
   *
   * @return what was restored; its findings are added by the engine from what was {@linkplain
   *     RunContext#report reported}
   * @throws IOException if the snapshot could not be read or the destination could not be written
   * @throws InterruptedException if the run was cancelled
   */
  RestoreReport restore(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException;
}
