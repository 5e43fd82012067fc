package dev.copperplate.backup.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs of the machine, with a limit, and without what the environment says of PostgreSQL.
 */
public final class Program {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Program() {}

  /** Runs it, and waits for its end. */
  public static Result run(List<String> words, Map<String, String> variables)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("program", ".out");
    try {
      ProcessBuilder builder = new ProcessBuilder(words).directory(new File("/"));
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(each -> each.startsWith("PG"));
      builder.environment().put("LC_ALL", "C");
      builder.environment().putAll(variables);
      int status = end(builder.start(), words);
      return new Result(words, status, Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  public static Result run(String... words) throws IOException, InterruptedException {
    return run(List.of(words), Map.of());
  }

  private static int end(Process process, List<String> words)
      throws IOException, InterruptedException {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(words + " takes longer than " + LIMIT);
      }
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** How it ended; its errors are in its output. */
  public record Result(List<String> words, int status, String output) {

    public boolean succeeded() {
      return status == 0;
    }

    /** What it printed, if it succeeded. */
    public String orThrow() throws IOException {
      if (!succeeded()) {
        throw new IOException(words + " ended with " + status + ": " + output);
      }
      return output;
    }
  }
}
