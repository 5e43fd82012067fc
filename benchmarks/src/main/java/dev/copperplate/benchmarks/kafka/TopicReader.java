package dev.copperplate.benchmarks.kafka;

import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;

/** A way to read a topic into {@code .log} files. */
interface TopicReader {

  /**
   * Reads all of the partitions.
   *
   * @param ends where each ends
   * @return how many records they had
   */
  long read(Map<TopicIdPartition, Long> ends, LogTarget target)
      throws IOException, InterruptedException;
}
