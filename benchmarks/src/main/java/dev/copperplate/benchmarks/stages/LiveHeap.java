package dev.copperplate.benchmarks.stages;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** What is reachable in the heap, found out by collecting everything else. */
final class LiveHeap {

  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private volatile boolean done;
  private volatile long most;

  /** Bytes that a full collection leaves, now. */
  long now() {
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  /**
   * Does something and returns the most bytes that were live at once meanwhile, as far as looking
   * as often as collections allow can tell. What lives only between two looks is missed; what is
   * allocated between a collection and the look after it is counted though it may be garbage. Makes
   * everything else slow.
   */
  long mostDuring(Work work) throws IOException, InterruptedException {
    done = false;
    most = 0;
    Thread looking = new Thread(this::look, "live-heap");
    looking.start();
    try {
      work.run();
    } finally {
      done = true;
      looking.join();
    }
    return most;
  }

  private void look() {
    do {
      most = Math.max(most, now());
    } while (!done);
  }

  /** What is done meanwhile. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }
}
