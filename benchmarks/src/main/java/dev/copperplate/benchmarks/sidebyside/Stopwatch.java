package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures a whole program from outside, any program in the same way.
 *
 * <p>Bash's own {@code time} takes the time from fork to end and the processor's time of the
 * program with all that it waited for, both to a millisecond. Linux keeps the highest resident size
 * of a process in {@code VmHWM}; it is read until the process is gone, so that only what it grows
 * in its last moments is missed. Pages of files that are mapped, such as a class-data archive,
 * count.
 *
 * @param directory for the files in which results are handed over
 */
record Stopwatch(Path directory) {

  private static final Duration EVERY = Duration.ofMillis(10);
  private static final String HIGHEST = "VmHWM:";
  private static final int KIBIBYTE = 1024;
  // The subshell says its number and becomes the program: no guess which process it is. Without the
  // braces around it bash would let the subshell take the time, and exec would forget that.
  private static final String SCRIPT =
      """
      number=$1 times=$2
      shift 2
      TIMEFORMAT='%3R %3U %3S'
      { time { (echo "$BASHPID" >"$number"; exec "$@" 2>&3 3>&-); }; } 3>&2 2>"$times"
      """;

  /**
   * Runs a program to its end.
   *
   * @param output file that what it prints goes to
   * @throws CommandFailure if it does not end with exit code 0
   */
  Measurement measure(List<String> program, Path output) throws IOException, InterruptedException {
    Path number = directory.resolve("stopwatch.number");
    Path times = directory.resolve("stopwatch.times");
    Files.deleteIfExists(number);
    List<String> words = new ArrayList<>(List.of("bash", "-c", SCRIPT, "stopwatch"));
    words.add(number.toString());
    words.add(times.toString());
    words.addAll(program);
    Peak peak = new Peak(number);
    new Execution(words, output).run(EVERY, peak);
    return measurement(Files.readString(times, StandardCharsets.UTF_8).strip(), peak.bytes);
  }

  private static Measurement measurement(String times, long peakBytes) throws IOException {
    // Bash writes the point of its locale.
    String[] words = times.replace(',', '.').split(" ");
    try {
      double cpu = Double.parseDouble(words[1]) + Double.parseDouble(words[2]);
      return new Measurement(Double.parseDouble(words[0]), cpu, peakBytes, 0);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException wrong) {
      throw new IOException("Bash gave no times: " + times, wrong);
    }
  }

  private static final class Peak implements Execution.Observer {

    private final Path number;
    private long bytes;

    Peak(Path number) {
      this.number = number;
    }

    @Override
    public void look() throws IOException {
      String process = Files.exists(number) ? Files.readString(number).strip() : "";
      if (process.isEmpty()) {
        return;
      }
      for (String line : status(process)) {
        if (line.startsWith(HIGHEST)) {
          bytes = Math.max(bytes, kibibytes(line) * KIBIBYTE);
        }
      }
    }

    private static List<String> status(String process) {
      try {
        return Files.readAllLines(Path.of("/proc", process, "status"));
      } catch (IOException gone) {
        // It ended while we were looking: what was seen before is all there is to see.
        return List.of();
      }
    }

    private static long kibibytes(String line) {
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }
}
