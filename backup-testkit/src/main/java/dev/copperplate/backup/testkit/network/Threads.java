package dev.copperplate.backup.testkit.network;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The threads of a proxy, which all end with it. Thread-safe. */
final class Threads {

  private static final long PATIENCE_SECONDS = 30;

  private final String name;
  private final Set<Thread> started = new HashSet<>();

  Threads(String name) {
    this.name = name;
  }

  synchronized Thread start(String task, Runnable work) {
    started.removeIf(thread -> !thread.isAlive());
    Thread thread = new Thread(work, name + "-" + task);
    thread.setDaemon(true);
    thread.start();
    started.add(thread);
    return thread;
  }

  private synchronized List<Thread> alive() {
    started.removeIf(thread -> !thread.isAlive());
    return List.copyOf(started);
  }

  /** Waits for all of them and those that they start. Who is interrupted waits no longer. */
  void join() {
    for (List<Thread> left = alive(); !left.isEmpty(); left = alive()) {
      Thread thread = left.get(0);
      thread.interrupt();
      if (!join(thread)) {
        return;
      }
    }
  }

  /** Waits for one of them; false if the caller is interrupted. */
  boolean join(Thread thread) {
    try {
      TimeUnit.SECONDS.timedJoin(thread, PATIENCE_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    if (thread.isAlive()) {
      throw new IllegalStateException("A fault does not let its thread end: " + thread.getName());
    }
    return true;
  }
}
