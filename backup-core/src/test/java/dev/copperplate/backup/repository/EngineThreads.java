package dev.copperplate.backup.repository;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The threads of this JVM that the engine made. */
final class EngineThreads {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration LAST_MOMENTS = Duration.ofSeconds(1);

  private EngineThreads() {}

  /** Those that are there, after the time that a thread takes from its last line to its end. */
  static List<String> remaining() {
    long deadline = System.nanoTime() + LAST_MOMENTS.toNanos();
    while (!names().isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
    return names();
  }

  private static List<String> names() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("copperplate-"))
        .sorted()
        .toList();
  }

  /** Waits for a thread that stands in a method of that class; fails if there is none. */
  static void awaitOneIn(Class<?> where, String method) {
    awaitOne(
        frame ->
            frame.getClassName().equals(where.getName()) && frame.getMethodName().equals(method));
  }

  private static void awaitOne(Predicate<StackTraceElement> where) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (var each : Thread.getAllStackTraces().entrySet()) {
        Thread.State state = each.getKey().getState();
        boolean waits = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
        if (waits && List.of(each.getValue()).stream().anyMatch(where)) {
          return;
        }
      }
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
    throw new AssertionError("No thread waits there");
  }
}
