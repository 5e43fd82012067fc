package dev.copperplate.benchmarks.sidebyside;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs: without input, its output in a file, and not longer than a limit.
 *
 * <p>Variables by which people tune restic, Go or Java are kept from it, so that a result does not
 * depend on whose shell it was measured in.
 *
 * @param words the command
 * @param output the file that its output goes to
 */
record Execution(List<String> words, Path output) {

  private static final Duration LIMIT = Duration.ofHours(2);
  private static final int SHOWN = 4000;
  private static final Set<String> TUNING =
      Set.of(
          "GOGC",
          "GODEBUG",
          "GOMAXPROCS",
          "GOMEMLIMIT",
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "_JAVA_OPTIONS");

  /** Looks at a process while it runs. */
  @FunctionalInterface
  interface Observer {
    void look() throws IOException;
  }

  Execution {
    words = List.copyOf(words);
  }

  /**
   * Runs a command and returns what it printed, both on standard output and as messages.
   *
   * @param output file for the output; replaced
   * @throws CommandFailure if it does not end with exit code 0
   */
  static String run(Path output, String... words) throws IOException, InterruptedException {
    Execution execution = new Execution(List.of(words), output);
    execution.run(Duration.ofSeconds(1), () -> {});
    return execution.printed();
  }

  /**
   * Runs it.
   *
   * @param every how often the observer looks
   * @throws CommandFailure if it does not end with exit code 0 and in time
   */
  void run(Duration every, Observer observer) throws IOException, InterruptedException {
    Process process = start();
    long started = System.nanoTime();
    try {
      while (!process.waitFor(every.toNanos(), TimeUnit.NANOSECONDS)) {
        observer.look();
        if (System.nanoTime() - started > LIMIT.toNanos()) {
          throw failure("did not end within " + LIMIT);
        }
      }
    } finally {
      if (process.isAlive()) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
    if (process.exitValue() != 0) {
      throw failure("ended with exit code " + process.exitValue());
    }
  }

  private Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("RESTIC") || TUNING.contains(name));
    return builder
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** What it printed so far; bytes that are no text are replaced. */
  private String printed() throws IOException {
    return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
  }

  private CommandFailure failure(String what) throws IOException {
    String text = printed();
    String end = text.substring(Math.max(0, text.length() - SHOWN));
    return new CommandFailure(String.join(" ", words) + "\n" + what + ":\n" + end);
  }
}
