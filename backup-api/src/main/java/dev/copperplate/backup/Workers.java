package dev.copperplate.backup;

import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * The threads of one run; none outlives it.
 *
 * <p>The first failure of a task interrupts the other tasks and closes what was {@linkplain
 * RunContext#attach attached} to the run.
 */
public interface Workers {

  /** How many tasks run at once. */
  int size();

  /**
   * Starts a task; waits while all threads are busy, so there is no queue that could grow. From
   * inside a task the new one runs in place.
   *
   * @throws IOException the first failure of an earlier task
   */
  <T> Task<T> submit(Callable<T> task) throws IOException, InterruptedException;

  /**
   * Waits for all tasks. May be called again after further tasks.
   *
   * @throws IOException the first failure, once all tasks have ended
   */
  void join() throws IOException, InterruptedException;
}
