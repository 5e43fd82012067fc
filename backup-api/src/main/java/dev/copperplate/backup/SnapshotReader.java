package dev.copperplate.backup;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads one snapshot. Thread-safe; memory is bounded by the open streams and cursors.
 *
 * <p>Everything that is returned was authenticated and compared with its hash before.
 */
public interface SnapshotReader extends Closeable {

  Snapshot snapshot();

  /** The facts of the source; empty for plain files and for snapshots of other tools. */
  Manifest manifest() throws IOException;

  /** Looks an entry up by its path; the root is a directory with plain attributes. */
  Optional<Entry> entry(EntryPath path) throws IOException;

  /**
   * Walks what lies below a directory, without the directory itself: ascending by name bytes, a
   * directory before what it holds. The caller closes the cursor.
   *
   * <p>An entry or directory that cannot be read makes {@link Cursor#next} throw {@code MISSING} or
   * {@code DAMAGED} once, naming it; the cursor stays usable and goes on behind it, so that what is
   * intact can be reached.
   *
   * @param depth how many levels; 1 is the children, {@link Integer#MAX_VALUE} everything
   */
  Cursor<Entry> walk(EntryPath from, int depth) throws IOException;

  /**
   * Opens the content of a file, or a range of it. The caller closes the stream.
   *
   * <p>{@code skip} does not fetch. No byte is returned that was not checked.
   *
   * @throws BackupException {@code MISSING} if a part of the range is not stored, at once; the
   *     stream throws {@code DAMAGED} or {@code MISSING} where it reaches what cannot be read
   */
  InputStream open(Entry file, ByteRange range) throws IOException;
}
