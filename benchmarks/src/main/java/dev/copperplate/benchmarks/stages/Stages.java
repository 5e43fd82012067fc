package dev.copperplate.benchmarks.stages;

import dev.copperplate.benchmarks.CommandLine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures every stage in a JVM of its own, and prints their table and the roofline of random bytes
 * and of rows.
 */
public final class Stages {

  private static final String WORK = "--work";
  private static final String ONLY = "--only";
  private static final String LEVELS = "--levels";
  private static final String SECONDS = "--seconds";
  private static final String THREADS = "--threads";
  private static final String TABLE = "--table";

  private static final String USAGE =
      """
      Stages --work DIR [--only REGEX] [--levels LIST] [--seconds N] [--threads N] [--table FILE]
        --work DIR     where files are made, on the disk that is to be measured
        --only REGEX   some stages, such as 'SealStage'; there is no roofline then
        --levels LIST  of zstd, such as 3,4; all that are known unless told, 3 for the roofline
        --seconds N    how long each of five iterations is; 1
        --threads N    how many do each stage at once; 1
        --table FILE   also write the result there""";

  private static final int WARM_UP = 2;
  private static final int ITERATIONS = 3;

  private Stages() {}

  public static void main(String[] arguments) throws IOException, RunnerException {
    CommandLine line =
        new CommandLine(USAGE, List.of(WORK, ONLY, LEVELS, SECONDS, THREADS, TABLE), arguments);
    Scores scores = measure(line);
    print(scores, line, System.out);
    Optional<String> table = line.optional(TABLE);
    if (table.isPresent()) {
      Path file = Path.of(table.get());
      try (PrintStream out =
          new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
        print(scores, line, out);
      }
    }
  }

  private static Scores measure(CommandLine line) throws IOException, RunnerException {
    Path work = Files.createDirectories(line.path(WORK));
    TimeValue iteration = TimeValue.seconds(line.count(SECONDS, 1));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(line.optional(ONLY).orElse(Stages.class.getPackageName()))
            .forks(1)
            .warmupIterations(WARM_UP)
            .warmupTime(iteration)
            .measurementIterations(ITERATIONS)
            .measurementTime(iteration)
            .jvmArgsAppend("-Djava.io.tmpdir=" + work);
    if (line.optional(LEVELS).isPresent()) {
      options.param("level", levels(line).toArray(new String[0]));
    }
    if (line.optional(THREADS).isPresent()) {
      options.threads(line.count(THREADS, 1));
    }
    return new Scores(new Runner(options.build()).run());
  }

  private static List<String> levels(CommandLine line) {
    return List.of(line.optional(LEVELS).orElse(Integer.toString(Roofline.LEVEL)).split(","));
  }

  private static void print(Scores scores, CommandLine line, PrintStream out) {
    scores.print(out);
    if (line.optional(ONLY).isEmpty() && levels(line).contains(Integer.toString(Roofline.LEVEL))) {
      int processors = Runtime.getRuntime().availableProcessors();
      for (DataKind kind : List.of(DataKind.RANDOM, DataKind.ROWS)) {
        Roofline.of(kind, scores, processors).print(out);
      }
    }
  }
}
