package dev.copperplate.benchmarks.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The client, in a JVM of its own: what stops this one does not stop its clock. */
final class ClientProcess implements AutoCloseable {

  private static final long LIMIT_SECONDS = 10;

  private final Path work;
  private final Process process;
  private final PrintStream commands;
  private final BufferedReader answers;

  /**
   * @param work an existing directory for what it measures
   * @param rate requests a second
   */
  ClientProcess(Path work, int port, int rate) throws IOException {
    this.work = work;
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-Dhttp.maxConnections=" + RequestClient.THREADS,
                    "-cp",
                    System.getProperty("java.class.path"),
                    RequestClient.class.getName(),
                    Integer.toString(port),
                    Integer.toString(rate)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Sends so many requests and returns when all are answered. */
  Latencies ask(int requests) throws IOException {
    Path file = work.resolve("latencies");
    commands.println(requests + " " + file);
    if (!RequestClient.DONE.equals(answers.readLine())) {
      throw new IOException("The client ended before its requests were answered");
    }
    Latencies measured = Latencies.read(file);
    Files.delete(file);
    return measured;
  }

  @Override
  public void close() throws IOException {
    commands.close();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      answers.close();
    }
  }
}
