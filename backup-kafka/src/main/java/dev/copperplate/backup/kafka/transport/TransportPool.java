package dev.copperplate.backup.kafka.transport;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A transport for each worker, made when it is first needed. Thread-safe.
 *
 * @param <T> the transports
 */
public final class TransportPool<T extends Closeable> implements Closeable {

  private final Opening<T> opening;
  private final Deque<T> idle = new ArrayDeque<>();
  private final List<T> all = new ArrayList<>();
  private boolean closed;

  public TransportPool(Opening<T> opening) {
    this.opening = opening;
  }

  /** Makes one. */
  @FunctionalInterface
  public interface Opening<T> {
    T open() throws IOException, InterruptedException;
  }

  /** One that nobody uses; to be given back. */
  public T take() throws IOException, InterruptedException {
    synchronized (this) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    T made = opening.open();
    synchronized (this) {
      if (!closed) {
        all.add(made);
        return made;
      }
    }
    made.close();
    throw new InterruptedException("The run has ended");
  }

  /** Gives it back. */
  public synchronized void give(T transport) {
    idle.push(transport);
  }

  /** All that were made. */
  public synchronized List<T> all() {
    return List.copyOf(all);
  }

  /** Ends those that are in use, too. */
  @Override
  public void close() throws IOException {
    List<T> made;
    synchronized (this) {
      made = closed ? List.of() : List.copyOf(all);
      closed = true;
    }
    for (T each : made) {
      each.close();
    }
  }
}
