package dev.copperplate.backup.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Holds operations up until it is opened: a store that hangs, and the way for a test to hit a
 * moment. Who is held and interrupted gets {@link InterruptedIOException}, as from any target.
 *
 * <p>Nobody waits for longer than {@link #PATIENCE_SECONDS}, so that a broken test ends.
 */
public final class Gate implements Fault {

  /** After that long, waiting fails. */
  public static final long PATIENCE_SECONDS = 60;

  private final boolean answered;
  private final Semaphore held = new Semaphore(0);
  private final CountDownLatch open = new CountDownLatch(1);

  private Gate(boolean answered) {
    this.answered = answered;
  }

  /** Holds up before the store is asked. */
  public static Gate before() {
    return new Gate(false);
  }

  /** Holds up when the store has done it, and nobody knows yet. */
  public static Gate after() {
    return new Gate(true);
  }

  /** Waits until so many operations more are held up. */
  public void awaitHeld(int operations) throws InterruptedException {
    if (!held.tryAcquire(operations, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("No " + operations + " operations came to the gate");
    }
  }

  /** Lets everybody pass from now on. */
  public void open() {
    open.countDown();
  }

  @Override
  public void before(Operation operation) throws IOException {
    if (!answered) {
      hold(operation);
    }
  }

  @Override
  public void after(Operation operation) throws IOException {
    if (answered) {
      hold(operation);
    }
  }

  private void hold(Operation operation) throws IOException {
    held.release();
    try {
      if (!open.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("Nobody opened the gate for " + operation);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted at the gate: " + operation);
    }
  }
}
