package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A result as a file: lines with {@code #} for the conditions, then each run in a line of columns
 * divided by tabs. So tasks can be measured in several goes, and every single figure is kept.
 */
final class ResultFile {

  private static final String TASK = "Task";
  private static final String TITLE = "Title";
  private static final String DATE = "Date";
  private static final String RESTIC = "restic";
  private static final String COPPERPLATE = "Copperplate";
  private static final String HEAD = "program\tseconds\tcpu_seconds\tpeak_bytes\tstored_bytes";

  private ResultFile() {}

  static void write(Path file, Result result) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(fact(TASK, result.task()));
    lines.add(fact(TITLE, result.title()));
    lines.add(fact(DATE, result.date()));
    result.conditions().forEach((name, value) -> lines.add(fact(name, value)));
    lines.add(HEAD);
    result.restic().forEach(each -> lines.add(line(RESTIC, each)));
    result.copperplate().forEach(each -> lines.add(line(COPPERPLATE, each)));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, lines, StandardCharsets.UTF_8);
  }

  static Result read(Path file) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    List<Measurement> restic = new ArrayList<>();
    List<Measurement> copperplate = new ArrayList<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (line.startsWith("# ")) {
        String[] fact = line.substring(2).split(": ", 2);
        facts.put(fact[0], fact[1]);
      } else if (!line.equals(HEAD)) {
        String[] columns = line.split("\t");
        (columns[0].equals(RESTIC) ? restic : copperplate).add(measurement(columns));
      }
    }
    String task = taken(facts, TASK, file);
    String title = taken(facts, TITLE, file);
    String date = taken(facts, DATE, file);
    return new Result(task, title, facts, date, restic, copperplate);
  }

  private static String taken(Map<String, String> facts, String name, Path file)
      throws IOException {
    String value = facts.remove(name);
    if (value == null) {
      throw new IOException(file + " does not say: " + name);
    }
    return value;
  }

  private static String fact(String name, String value) {
    return "# " + name + ": " + value;
  }

  private static String line(String program, Measurement run) {
    return String.format(
        Locale.ROOT,
        "%s\t%.3f\t%.3f\t%d\t%d",
        program,
        run.seconds(),
        run.cpuSeconds(),
        run.peakBytes(),
        run.storedBytes());
  }

  private static Measurement measurement(String... columns) {
    return new Measurement(
        Double.parseDouble(columns[1]),
        Double.parseDouble(columns[2]),
        Long.parseLong(columns[3]),
        Long.parseLong(columns[4]));
  }
}
