package dev.copperplate.backup.postgres.scratch;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.tools.ProgramLaunch;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that ends by itself, such as {@code initdb}. It reads nothing, runs in the root
 * directory and gets only a handful of variables of the environment.
 */
record Command(List<String> words, Map<String, String> variables) {

  private static final int MAX_OUTPUT = 64 << 10;
  private static final Duration KILL = Duration.ofSeconds(10);

  static Command of(String... words) {
    return new Command(List.of(words), Map.of());
  }

  /**
   * Runs it, and kills it when the time is over or the thread is interrupted.
   *
   * @throws BackupException {@code NOT_FOUND} if there is no such program, {@code UNAVAILABLE} if
   *     it takes longer
   */
  Result run(Duration limit) throws IOException, InterruptedException {
    Process process = start(words, variables);
    try (ProcessLog log = ProcessLog.of(process, MAX_OUTPUT)) {
      process.getOutputStream().close();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new BackupException(
            Kind.UNAVAILABLE, words.get(0) + " takes longer than " + limit + ": " + log.text());
      }
      log.awaitEnd();
      return new Result(words.get(0), process.exitValue(), log.text());
    } finally {
      kill(process.toHandle());
    }
  }

  /** Starts a program, its errors in its output. */
  static Process start(List<String> words, Map<String, String> variables) throws BackupException {
    ProcessBuilder builder = new ProcessBuilder(words).directory(new File("/"));
    builder.redirectErrorStream(true);
    return ProgramLaunch.start(builder, variables);
  }

  /**
   * Ends a program and what it started, without asking, and waits until they are gone, also in a
   * thread that is being cancelled.
   */
  static void kill(ProcessHandle process) {
    List<ProcessHandle> all = Stream.concat(Stream.of(process), process.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    CompletableFuture<?>[] ends =
        all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(ends).orTimeout(KILL.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  record Result(String program, int status, String output) {

    boolean succeeded() {
      return status == 0;
    }

    String outputOrThrow() throws BackupException {
      if (!succeeded()) {
        throw new BackupException(
            Kind.INVALID, program + " ended with " + status + ": " + output.strip());
      }
      return output;
    }
  }
}
