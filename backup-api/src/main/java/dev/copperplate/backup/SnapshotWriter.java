package dev.copperplate.backup;

import java.io.IOException;

/**
 * Takes in one snapshot.
 *
 * <p>Thread-safe. Directories that were not written get {@linkplain Attributes#PLAIN_DIRECTORY
 * plain attributes}. A path is written once: a second time is an {@link IllegalArgumentException},
 * as is anything below a file or below a completed directory.
 *
 * <p>Memory is bounded by what is open: at most {@link CaptureContext#openFiles()} files at once.
 * Writing waits when too much finished data is in flight, never for another open file. The children
 * of a directory stay in memory, some hundred bytes each, until the directory is {@linkplain
 * #complete completed}; a directory of the format is one blob, so a wide place wants a fan-out.
 */
public interface SnapshotWriter {

  /**
   * Starts a file. Only {@link EntryOutput#commit} puts it into the snapshot.
   *
   * @throws IllegalStateException if {@link CaptureContext#openFiles()} files are open already
   */
  EntryOutput file(EntryPath path, Attributes attributes) throws IOException;

  /** Gives a directory its attributes, before or after what it holds, but before it is complete. */
  void directory(EntryPath path, Attributes attributes) throws IOException;

  /** Writes a symbolic link; its target is kept as bytes and never followed. */
  void symlink(EntryPath path, RawName target, Attributes attributes) throws IOException;

  /**
   * Writes a pipe, socket or device.
   *
   * @param deviceNumber {@code st_rdev} of a device, 0 for others
   */
  void special(EntryPath path, EntryType type, long deviceNumber, Attributes attributes)
      throws IOException;

  /**
   * Writes the content of a file, or a whole directory, of an earlier snapshot or of this one,
   * under new attributes and without reading it.
   *
   * @param content an entry that a reader of the same repository or {@link EntryOutput#commit}
   *     returned
   * @return false if the content is no longer stored whole: nothing was written, read it again
   */
  @CheckReturnValue
  boolean reuse(EntryPath path, Attributes attributes, Entry content) throws IOException;

  /**
   * Says that nothing new starts in or below the directory; saying it again is harmless. May be
   * called while files below it are open; takes effect with the last of them. What was never
   * completed is completed at the end.
   */
  void complete(EntryPath directory) throws IOException;

  /**
   * Notes a short fact for {@code /.backup/manifest.json}; tables of facts are files below {@code
   * /.backup}.
   *
   * @throws IllegalStateException from a source of plain files, whose snapshots carry no manifest
   */
  void fact(String key, String value);

  /**
   * Says that this snapshot is worth nothing without the earlier one. From now on, and while this
   * one lives, retention keeps that; so say it before work is spent on it. Waits some minutes if
   * snapshots are just being removed.
   *
   * @throws BackupException {@code CONFLICT} if the earlier one is gone, or the removal of others
   *     does not end; the capture fails likewise if a stock tool removed it by the time it ends
   */
  void dependsOn(Snapshot earlier) throws IOException;

  /** Says that this snapshot holds all that the earlier one holds. */
  void replaces(Snapshot earlier) throws IOException;
}
