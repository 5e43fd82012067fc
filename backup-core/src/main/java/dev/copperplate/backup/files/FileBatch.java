package dev.copperplate.backup.files;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;

/**
 * Small files of one directory, written one after the other: to hand each over to a worker by
 * itself takes longer than to write it. Of one directory, so that no more of them are open than
 * workers work. Not thread-safe: gathered by the walking thread, then called by one worker.
 */
final class FileBatch implements Callable<Boolean>, Closeable {

  private static final int MOST_FILES = 32;
  private static final long MOST_BYTES = 1 << 20;

  private final Deque<FileWriting> files = new ArrayDeque<>(MOST_FILES);
  private long bytes;

  boolean isEmpty() {
    return files.isEmpty();
  }

  /** Whether a file can be added; the first one always can. */
  boolean takes(FileWriting next) {
    return files.isEmpty()
        || files.size() < MOST_FILES
            && next.size() <= MOST_BYTES - bytes
            && files.element().place() == next.place();
  }

  void add(FileWriting next) {
    files.add(next);
    bytes += Math.min(next.size(), MOST_BYTES);
  }

  /**
   * Writes them; true if all were written. What is wrong with one alone does not end the others.
   */
  @Override
  public Boolean call() throws IOException, InterruptedException {
    boolean all = true;
    try (this) {
      while (!files.isEmpty()) {
        all &= files.remove().call();
      }
    }
    return all;
  }

  /** Gives up those that were not written. */
  @Override
  public void close() {
    files.forEach(FileWriting::close);
    files.clear();
  }
}
