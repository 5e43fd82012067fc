package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.Task;
import dev.copperplate.backup.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a run for a part of it whose failure is a finding, and not the end of the run: its
 * tasks end well there, and their failure is kept for whoever joins them here.
 */
final class SparingWorkers implements Workers {

  private final Workers workers;
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

  SparingWorkers(Workers workers) {
    this.workers = workers;
  }

  @Override
  public int size() {
    return workers.size();
  }

  @Override
  public <T> Task<T> submit(Callable<T> task) throws IOException, InterruptedException {
    requireNoFailure();
    List<T> result = new ArrayList<>();
    Task<Boolean> ended = workers.submit(() -> ends(task, result));
    return () -> {
      ended.get();
      requireNoFailure();
      return result.get(0);
    };
  }

  private <T> boolean ends(Callable<T> task, List<T> result) throws Exception {
    try {
      result.add(task.call());
    } catch (IOException e) {
      failure.compareAndSet(null, e);
    }
    return true;
  }

  @Override
  public void join() throws IOException, InterruptedException {
    workers.join();
    requireNoFailure();
  }

  private void requireNoFailure() throws IOException {
    IOException first = failure.get();
    if (first != null) {
      throw first;
    }
  }
}
