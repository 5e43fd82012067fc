package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a directory held in the previous snapshot, asked for in ascending order: two sorted lists
 * are merged, so neither has to be searched. What cannot be read counts as not there.
 */
final class PreviousChildren implements Closeable {

  private final Cursor<Entry> cursor;
  private @Nullable Entry ahead;
  private boolean ended;

  private PreviousChildren(Cursor<Entry> cursor) {
    this.cursor = cursor;
  }

  static PreviousChildren of(CaptureContext context, Optional<EntryPath> directory)
      throws IOException {
    if (context.previous().isEmpty() || directory.isEmpty()) {
      return new PreviousChildren(Cursor.of(List.of()));
    }
    try {
      return new PreviousChildren(context.previous().get().walk(directory.get(), 1));
    } catch (BackupException broken) {
      if (Reasons.isBrokenContent(broken)) {
        return new PreviousChildren(Cursor.of(List.of()));
      }
      throw broken;
    }
  }

  /** The child with that name; each name must be greater than the one before. */
  @Nullable Entry named(RawName name) throws IOException {
    while (!ended && (ahead == null || ahead.path().name().compareTo(name) < 0)) {
      advance();
    }
    return ahead != null && ahead.path().name().equals(name) ? ahead : null;
  }

  private void advance() throws IOException {
    ahead = null;
    try {
      ahead = cursor.next();
      ended = ahead == null;
    } catch (BackupException broken) {
      if (!Reasons.isBrokenContent(broken)) {
        throw broken;
      }
    }
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }
}
