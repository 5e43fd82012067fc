package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Cursor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A listing that is begun again as long as it has handed out nothing. Later that could hand out
 * something twice, since listings have no order to go on from; so later failures are passed on.
 */
final class RetryingCursor<T> implements Cursor<T> {

  private final Opening<T> opening;
  private final Attempts attempts;
  private Cursor<T> cursor;
  private boolean begun;
  private boolean broken;

  /** Begins a listing. */
  interface Opening<T> {
    Cursor<T> open() throws IOException;
  }

  RetryingCursor(Opening<T> opening, Attempts attempts) throws IOException {
    this.opening = opening;
    this.attempts = attempts;
    this.cursor = attempts.make(opening::open);
  }

  @Override
  public @Nullable T next() throws IOException {
    while (!begun) {
      try {
        reopenIfBroken();
        T first = cursor.next();
        begun = true;
        return first;
      } catch (BackupException e) {
        broken = true;
        attempts.pauseAfter(e);
      }
    }
    return cursor.next();
  }

  private void reopenIfBroken() throws IOException {
    if (broken) {
      try {
        cursor.close();
      } catch (IOException e) {
        // It has failed already, and another takes its place.
      }
      cursor = opening.open();
      broken = false;
    }
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }
}
