package dev.copperplate.backup.repository;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM with the class path of this one. Its standard error goes into its output. A test
 * reads its lines, kills it, or waits for its end.
 */
public final class ChildJvm implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final Process process;
  private final BufferedReader lines;
  private final StringBuilder said = new StringBuilder("\n");

  private ChildJvm(Process process) {
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts one.
   *
   * @param heap for {@code -Xmx}, such as {@code 128m}
   */
  public static ChildJvm start(String heap, Class<?> main, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    for (Object each : arguments) {
      command.add(each.toString());
    }
    return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** Its next line; null at the end of its output. */
  public String line() throws IOException {
    String line = lines.readLine();
    if (line != null) {
      said.append(line).append('\n');
    }
    return line;
  }

  /** Reads on until a line begins like this, and returns it; null if the child ends before. */
  public String await(String beginning) throws IOException {
    for (String line = line(); line != null; line = line()) {
      if (line.startsWith(beginning)) {
        return line;
      }
    }
    return null;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** Tells it something. */
  public void tell(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Waits for the end and returns the exit code. */
  public int end() throws IOException, InterruptedException {
    while (line() != null) {
      // Its output must not fill the pipe.
    }
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      kill();
      throw new IOException("A child took over " + LIMIT + ": " + said);
    }
    return process.exitValue();
  }

  /** All that was read from it so far; each line has a line end before and behind it. */
  public String said() {
    return said.toString();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    lines.close();
  }
}
