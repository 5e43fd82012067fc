package dev.copperplate.backup.repository.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MemoryBudgetTest {

  private final MemoryBudget budget = new MemoryBudget(100);
  private Thread thread;

  @Test
  void waitsUntilTheBytesFit() throws Exception {
    budget.acquire(60);
    FutureTask<Boolean> waiter = waiting(50);
    budget.release(9);
    assertEquals(51, budget.used());
    awaitWaiting();
    budget.release(1);
    assertTrue(waiter.get());
    assertEquals(100, budget.used());
  }

  @Test
  void letsThroughWhatIsLargerThanAllOfItWhenNothingElseIsThere() throws Exception {
    budget.acquire(1);
    FutureTask<Boolean> waiter = waiting(1000);
    budget.release(1);
    assertTrue(waiter.get());
    assertEquals(1000, budget.used());
  }

  @Test
  void chargesBeyondTheLimitWithoutWaiting() throws Exception {
    budget.acquire(100);
    budget.charge(50);
    assertEquals(150, budget.used());
    FutureTask<Boolean> waiter = waiting(1);
    budget.release(50);
    awaitWaiting();
    budget.release(1);
    assertTrue(waiter.get());
  }

  @Test
  void freesWaitersWhenItIsClosed() throws Exception {
    budget.acquire(100);
    FutureTask<Boolean> waiter = waiting(1);
    budget.close();
    ExecutionException thrown = assertThrows(ExecutionException.class, waiter::get);
    assertInstanceOf(InterruptedIOException.class, thrown.getCause());
    assertThrows(InterruptedIOException.class, () -> budget.acquire(1));
  }

  @Test
  void anInterruptedWaiterTakesNothingAndKeepsItsFlag() throws Exception {
    budget.acquire(100);
    FutureTask<Boolean> waiter =
        new FutureTask<>(
            () -> {
              assertThrows(InterruptedIOException.class, () -> budget.acquire(1));
              return Thread.currentThread().isInterrupted();
            });
    thread = new Thread(waiter);
    thread.start();
    awaitWaiting();
    thread.interrupt();
    assertTrue(waiter.get());
    assertEquals(100, budget.used());
  }

  private FutureTask<Boolean> waiting(long bytes) {
    FutureTask<Boolean> waiter =
        new FutureTask<>(
            () -> {
              budget.acquire(bytes);
              return true;
            });
    thread = new Thread(waiter);
    thread.start();
    awaitWaiting();
    return waiter;
  }

  private void awaitWaiting() {
    while (thread.getState() != Thread.State.WAITING) {
      assertTrue(thread.isAlive(), "It does not wait");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }
}
