package dev.copperplate.backup;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Takes in the content of one file of a snapshot.
 *
 * <p>Only {@link #commit} puts the file into the snapshot. {@link #close} without it leaves no
 * file, and a warning unless the path is written again: so a read that fails half-way never looks
 * like a whole file. To be used by one thread at a time; the caller closes it.
 */
public abstract class EntryOutput extends OutputStream {

  /** For the engine, and for those who decorate it. */
  protected EntryOutput() {}

  /**
   * Puts the file into the snapshot; nothing can be written afterwards.
   *
   * @return the entry, which {@link SnapshotWriter#reuse} takes for a second name of the same file
   * @throws IOException if the data could not be stored
   */
  public abstract Entry commit() throws IOException;
}
