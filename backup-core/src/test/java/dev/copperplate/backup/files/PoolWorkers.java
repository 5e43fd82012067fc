package dev.copperplate.backup.files;

import dev.copperplate.backup.Task;
import dev.copperplate.backup.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Threads as the contract describes them: no queue, the first failure stops everything. */
final class PoolWorkers implements Workers, AutoCloseable {

  private final int size;
  private final ExecutorService pool;
  private final Semaphore free;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Future<?>> running = new ArrayList<>();

  PoolWorkers(int size) {
    this.size = size;
    this.pool = Executors.newFixedThreadPool(size);
    this.free = new Semaphore(size);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public <T> Task<T> submit(Callable<T> task) throws IOException, InterruptedException {
    free.acquire();
    try {
      throwFailure();
    } catch (IOException | RuntimeException failed) {
      free.release();
      throw failed;
    }
    Future<T> future =
        pool.submit(
            () -> {
              try {
                return task.call();
              } catch (Throwable failed) {
                failure.compareAndSet(null, failed);
                throw failed;
              } finally {
                free.release();
              }
            });
    synchronized (running) {
      running.removeIf(Future::isDone);
      running.add(future);
    }
    return () -> result(future);
  }

  private static <T> T result(Future<T> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException known ? known : new IOException(failed);
    }
  }

  @Override
  public void join() throws IOException, InterruptedException {
    free.acquire(size);
    free.release(size);
    throwFailure();
  }

  private void throwFailure() throws IOException {
    Throwable failed = failure.get();
    if (failed instanceof IOException known) {
      throw known;
    }
    if (failed != null) {
      throw new IOException(failed);
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
