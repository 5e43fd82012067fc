package dev.copperplate.backup;

import java.io.IOException;

/**
 * A live system that can be captured.
 *
 * <p>An implementation is immutable configuration: it is thread-safe, holds nothing open between
 * captures, and leaves open what its host gave it. What goes wrong with a part of the system is
 * {@linkplain RunContext#report reported}, and the snapshot says partial or damaged; what makes the
 * whole capture worthless is thrown.
 */
public interface BackupSource {

  /** Names the system; the same for every capture of it. */
  SourceId id();

  /**
   * Writes one snapshot of the system, {@code /.backup/RESTORE.md} included (a source of plain
   * files writes nothing below {@code /.backup}).
   *
   * <p>Returning commits the snapshot, throwing leaves none. Nothing is durable before {@code
   * BackupRepository.backup} has returned, so upstream state (a replication slot, an offset) must
   * not be released in here.
   *
   * <p>Called on a thread of the run. Cancellation interrupts that thread and closes what was
   * {@linkplain RunContext#attach attached}.
   *
   * @throws IOException if the system could not be read, or the repository could not be written
   * @throws InterruptedException if the run was cancelled
   */
  void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException;
}
