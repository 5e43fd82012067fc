package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.kafka.batch.Batch;
import java.io.Closeable;
import java.io.IOException;

/** A way to write batches into a topic. What was written is there once it is closed. */
interface TopicWriter extends Closeable {

  /** Writes a batch, which is valid until this call returns. */
  void write(int partition, Batch batch) throws IOException, InterruptedException;
}
