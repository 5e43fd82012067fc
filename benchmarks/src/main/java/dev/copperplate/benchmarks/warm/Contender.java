package dev.copperplate.benchmarks.warm;

import java.io.Closeable;
import java.io.IOException;

/** Who does the steps of one round, on a repository of its own. */
interface Contender extends Closeable {

  /**
   * Does a step; those before it were done.
   *
   * @throws IOException if it fails, or does less than all of it
   */
  void run(Step step) throws IOException, InterruptedException;

  /** Ends what is open; what was written stays. */
  @Override
  default void close() throws IOException {}
}
