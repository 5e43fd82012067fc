package dev.copperplate.backup;

import java.io.IOException;

/** A task that was {@linkplain Workers#submit submitted}. */
@FunctionalInterface
public interface Task<T> {

  /**
   * Waits for the result.
   *
   * @throws IOException the failure of the task; one that is no {@code IOException} comes as cause
   */
  T get() throws IOException, InterruptedException;
}
