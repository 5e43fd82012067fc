package dev.copperplate.backup.postgres.tools;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RunContext;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of a program: what it prints goes to a stream, what it complains of into a message. It
 * reads nothing and gets a handful of variables of the environment.
 */
public final class ToolRun {

  private static final int BUFFER = 64 << 10;
  private static final int MAX_ANSWER = 4096;
  private static final int MAX_COMPLAINTS = 64 << 10;
  private static final long LOOK_MILLIS = 2;
  private static final Duration ASKING = Duration.ofSeconds(20);

  private final Path program;
  private final List<String> arguments;
  private final Map<String, String> variables = new LinkedHashMap<>();

  ToolRun(Path program, List<String> arguments) {
    this.program = program;
    this.arguments = List.copyOf(arguments);
  }

  /** With variables in its environment. */
  public ToolRun with(Map<String, String> more) {
    variables.putAll(more);
    return this;
  }

  /**
   * Runs it to its end, and kills it when it prints nothing for too long or the run is cancelled.
   *
   * @param output takes what it prints; not closed
   * @param silence after how long without a byte it counts as stuck
   * @return what it warned of
   * @throws ToolFailedException if it failed
   * @throws BackupException {@code NOT_FOUND} if it does not start, {@code UNAVAILABLE} if it is
   *     silent for too long
   */
  public List<String> to(OutputStream output, Duration silence, RunContext context)
      throws IOException, InterruptedException {
    Path complaints = Files.createTempFile(context.scratch(), "tool-", ".err");
    Process process = start(context.scratch(), complaints);
    context.attach(process::destroyForcibly);
    try {
      pump(process, output, silence, Long.MAX_VALUE);
      int status = process.waitFor();
      ToolMessages said = ToolMessages.of(name(), text(complaints));
      if (status != 0) {
        throw new ToolFailedException(name(), status, said);
      }
      return said.warnings();
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(complaints);
    }
  }

  private String name() {
    return String.valueOf(program.getFileName());
  }

  private Process start(Path directory, Path complaints) throws IOException {
    List<String> words = new ArrayList<>(List.of(program.toString()));
    words.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
    builder.redirectInput(new File("/dev/null")).redirectError(complaints.toFile());
    Map<String, String> all = new LinkedHashMap<>(variables);
    // Where certificates are unless told.
    Optional.ofNullable(System.getenv("HOME")).ifPresent(home -> all.put("HOME", home));
    return ProgramLaunch.start(builder, all);
  }

  /** Looks instead of waiting, because only that can be given up; ends early behind too much. */
  private void pump(Process process, OutputStream output, Duration silence, long most)
      throws IOException, InterruptedException {
    byte[] buffer = new byte[BUFFER];
    InputStream printed = process.getInputStream();
    long heard = System.nanoTime();
    long left = most;
    while (left > 0) {
      boolean ended = !process.isAlive(); // before looking: what it printed last is there now
      int ready = Math.min(printed.available(), buffer.length);
      if (ready > 0) {
        output.write(buffer, 0, printed.read(buffer, 0, ready));
        left -= ready;
        heard = System.nanoTime();
      } else if (ended) {
        return;
      } else if (System.nanoTime() - heard > silence.toNanos()) {
        throw new BackupException(
            Kind.UNAVAILABLE, name() + " has printed nothing for " + silence + " and was ended");
      } else {
        Thread.sleep(LOOK_MILLIS);
      }
    }
  }

  private static String text(Path complaints) throws IOException {
    try (InputStream in = Files.newInputStream(complaints)) {
      return new String(in.readNBytes(MAX_COMPLAINTS), StandardCharsets.UTF_8);
    }
  }

  /** What a program prints that needs no server; empty if it is none of this machine. */
  static String ask(Path program, String question) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(program.toString(), question);
    builder.redirectInput(new File("/dev/null"));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process;
    try {
      process = ProgramLaunch.start(builder, Map.of());
    } catch (IOException foreign) {
      return "";
    }
    ByteArrayOutputStream answer = new ByteArrayOutputStream(MAX_ANSWER);
    try {
      new ToolRun(program, List.of()).pump(process, answer, ASKING, MAX_ANSWER);
      return answer.toString(StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }
}
