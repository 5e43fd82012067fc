package dev.copperplate.backup.repository.run;

import dev.copperplate.backup.Task;
import dev.copperplate.backup.Workers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The workers of one run: as many threads as tasks may run, and no queue. */
final class RunWorkers implements Workers {

  private final int size;
  private final Semaphore idle;
  private final ExecutorService threads;
  private final Runnable onFailure;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

  /**
   * @param onFailure called once, by the thread of the first failed task
   */
  RunWorkers(String name, int size, Runnable onFailure) {
    this.size = size;
    this.idle = new Semaphore(size);
    this.onFailure = onFailure;
    this.threads = Executors.newCachedThreadPool(new NamedThreads(name + "-worker"));
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public <T> Task<T> submit(Callable<T> task) throws IOException, InterruptedException {
    throwFailure();
    CompletableFuture<T> result = new CompletableFuture<>();
    if (inside.get()) {
      run(task, result);
    } else {
      idle.acquire();
      try {
        throwFailure();
        threads.execute(() -> runAndLeave(task, result));
      } catch (RejectedExecutionException ended) {
        // A task has failed since we looked.
        idle.release();
        throwFailure();
        throw ended;
      } catch (IOException | RuntimeException | Error refused) {
        idle.release();
        throw refused;
      }
    }
    return () -> get(result);
  }

  @Override
  public void join() throws IOException, InterruptedException {
    if (inside.get()) {
      throw new IllegalStateException("A task cannot wait for all tasks");
    }
    idle.acquire(size);
    idle.release(size);
    throwFailure();
  }

  /** Interrupts all tasks; none starts any more. */
  void cancel() {
    failure.compareAndSet(null, new InterruptedIOException("The run was cancelled"));
    threads.shutdownNow();
  }

  /** The first failure of a task, or null. */
  @Nullable Throwable failure() {
    return failure.get();
  }

  /** Waits for the tasks that still run. */
  boolean awaitEnd(long nanos) throws InterruptedException {
    threads.shutdown();
    return threads.awaitTermination(nanos, java.util.concurrent.TimeUnit.NANOSECONDS);
  }

  private <T> void runAndLeave(Callable<T> task, CompletableFuture<T> result) {
    inside.set(true);
    try {
      run(task, result);
    } finally {
      inside.set(false);
      idle.release();
    }
  }

  private <T> void run(Callable<T> task, CompletableFuture<T> result) {
    try {
      result.complete(task.call());
    } catch (Throwable thrown) {
      result.completeExceptionally(thrown);
      if (failure.compareAndSet(null, thrown)) {
        threads.shutdownNow();
        onFailure.run();
      }
    }
  }

  private void throwFailure() throws IOException, InterruptedException {
    Throwable first = failure.get();
    if (first != null) {
      throw Failures.asIo(first);
    }
  }

  private static <T> T get(CompletableFuture<T> result) throws IOException, InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException failed) {
      throw Failures.asIo(failed.getCause());
    }
  }
}
