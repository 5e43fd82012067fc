package dev.copperplate.backup.repository.run;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads of the engine: daemons whose names tell what they do, numbered from 1. */
public final class NamedThreads implements ThreadFactory {

  private final String name;
  private final AtomicInteger number = new AtomicInteger();

  public NamedThreads(String name) {
    this.name = name;
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
