package dev.copperplate.backup;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Hands out a sequence one by one, fetching as it goes. Not thread-safe. Whoever opened it closes
 * it.
 */
public interface Cursor<T> extends Closeable {

  /** The next one, or null at the end, and again null afterwards. */
  @Nullable T next() throws IOException;

  @Override
  default void close() throws IOException {}

  /** A cursor over what is in memory already. */
  static <T> Cursor<T> of(Iterable<T> all) {
    Iterator<T> iterator = all.iterator();
    return () -> iterator.hasNext() ? iterator.next() : null;
  }
}
