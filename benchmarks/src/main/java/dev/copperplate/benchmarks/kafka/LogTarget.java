package dev.copperplate.benchmarks.kafka;

import java.io.IOException;
import java.io.OutputStream;

/** Where {@code .log} files are made. */
interface LogTarget {

  /** A new file of a partition, whose first batch begins at an offset. */
  OutputStream create(int partition, long base) throws IOException;

  /** Ends a file that was created here, and closes it. */
  void commit(OutputStream file) throws IOException;
}
