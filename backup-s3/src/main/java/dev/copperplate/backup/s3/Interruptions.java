package dev.copperplate.backup.s3;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what threads wait for when they are interrupted. A thread that waits for a socket does not
 * hear of its interruption, so somebody else has to look, and to close the socket.
 *
 * <p>One daemon thread of the JVM looks, twenty times a second, while anything is watched and for
 * some seconds afterwards.
 */
final class Interruptions {

  private static final Logger LOG = LoggerFactory.getLogger(Interruptions.class);
  private static final long MILLIS_BETWEEN_LOOKS = 50;
  private static final int IDLE_LOOKS = 100;

  private static final Interruptions ALL = new Interruptions();

  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private boolean looking;

  private Interruptions() {}

  /**
   * Ends something when the calling thread is interrupted, until the watch is closed.
   *
   * @param abort called by another thread, perhaps when nothing is waited for any more
   */
  static Watch watch(Runnable abort) {
    Watch watch = new Watch(Thread.currentThread(), abort);
    ALL.add(watch);
    return watch;
  }

  private void add(Watch watch) {
    watches.add(watch);
    synchronized (this) {
      if (looking) {
        return;
      }
      looking = true;
    }
    Thread thread = new Thread(this::look, "copperplate-s3-interruptions");
    thread.setDaemon(true);
    thread.start();
  }

  private void look() {
    int idle = 0;
    while (idle < IDLE_LOOKS || !rest()) {
      idle = watches.isEmpty() ? idle + 1 : 0;
      for (Watch watch : watches) {
        watch.abortIfInterrupted();
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(MILLIS_BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      // Nobody has this thread; it ends when there is nothing left to watch.
    }
  }

  private synchronized boolean rest() {
    looking = !watches.isEmpty();
    return !looking;
  }

  /** Something that a thread waits for. Closed by that thread when it waits no more. */
  static final class Watch {

    private final Thread thread;
    private final Runnable abort;

    private Watch(Thread thread, Runnable abort) {
      this.thread = thread;
      this.abort = abort;
    }

    private void abortIfInterrupted() {
      if (!thread.isInterrupted() || !ALL.watches.remove(this)) {
        return;
      }
      try {
        abort.run();
      } catch (RuntimeException e) {
        LOG.warn("What {} waits for could not be ended", thread.getName(), e);
      }
    }

    void close() {
      ALL.watches.remove(this);
    }
  }
}
