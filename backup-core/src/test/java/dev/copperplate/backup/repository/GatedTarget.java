package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Holds back as many puts of packs as it was told to, until it is opened; all others pass. As the
 * contract of targets demands, an interrupted put ends with {@link InterruptedIOException}.
 */
final class GatedTarget extends DecoratedTarget {

  private static final String PACKS = "data/";

  private final Semaphore held = new Semaphore(0);
  private final Semaphore stored = new Semaphore(0);
  private final CountDownLatch open = new CountDownLatch(1);
  private int toHold;

  GatedTarget(BackupTarget target) {
    super(target);
  }

  /** Holds back the next puts of packs. */
  synchronized void hold(int puts) {
    toHold = puts;
  }

  /** Waits until so many puts are held back. */
  void awaitHeld(int puts) throws InterruptedException {
    if (!held.tryAcquire(puts, 1, TimeUnit.MINUTES)) {
      throw new AssertionError("Nobody puts that many packs: " + puts);
    }
  }

  /** Waits until so many packs more are stored. */
  void awaitStored(int packs) throws InterruptedException {
    if (!stored.tryAcquire(packs, 1, TimeUnit.MINUTES)) {
      throw new AssertionError("Nobody stores that many packs: " + packs);
    }
  }

  /** Lets everybody pass from now on. */
  void open() {
    open.countDown();
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    if (key.value().startsWith(PACKS) && isHeld()) {
      held.release();
      try {
        open.await();
      } catch (InterruptedException cancelled) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted at the gate");
      }
    }
    super.put(key, content, options);
    if (key.value().startsWith(PACKS)) {
      stored.release();
    }
  }

  private synchronized boolean isHeld() {
    if (toHold == 0) {
      return false;
    }
    toHold--;
    return true;
  }
}
