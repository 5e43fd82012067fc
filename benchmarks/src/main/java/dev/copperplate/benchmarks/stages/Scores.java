package dev.copperplate.benchmarks.stages;

import java.io.PrintStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** What JMH measured, by stage. */
final class Scores {

  private static final String BYTES_PER_MICROSECOND = "ops/us";
  private static final String MBS = "MB/s";

  private final List<Score> scores;

  Scores(Collection<RunResult> results) {
    scores = results.stream().map(Score::of).toList();
  }

  /**
   * A line of the table.
   *
   * @param stage class and method, such as {@code SealStage.open}
   * @param parameters what it was run with, such as {@code kind} and {@code level}
   * @param value the mean
   * @param error half of the interval that holds the mean with 99.9 %, as JMH estimates it
   * @param unit MB/s for stages that take bytes
   * @param threads how many did it at once, all of them counted in throughputs
   */
  private record Score(
      String stage,
      Map<String, String> parameters,
      double value,
      double error,
      String unit,
      int threads) {

    static Score of(RunResult run) {
      BenchmarkParams params = run.getParams();
      Result<?> result = run.getPrimaryResult();
      String name = params.getBenchmark();
      int simple = name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1;
      Map<String, String> parameters = new HashMap<>();
      params.getParamsKeys().forEach(each -> parameters.put(each, params.getParam(each)));
      String unit = result.getScoreUnit();
      return new Score(
          name.substring(simple),
          Map.copyOf(parameters),
          result.getScore(),
          result.getScoreError(),
          unit.equals(BYTES_PER_MICROSECOND) ? MBS : unit,
          params.getThreads());
    }

    String described() {
      StringBuilder text = new StringBuilder();
      for (String each : new TreeSet<>(parameters.keySet())) {
        String value = parameters.get(each);
        text.append(each.equals("kind") ? "" : each + " ").append(value).append(' ');
      }
      return text.toString().strip().toLowerCase(Locale.ROOT);
    }
  }

  /** MB/s of each thread. */
  double mbs(String stage) {
    Score score = find(stage, Map.of());
    return score.value() / score.threads();
  }

  /** MB/s of each thread with a kind of data. */
  double mbs(String stage, DataKind kind) {
    Score score = find(stage, Map.of("kind", kind.name()));
    return score.value() / score.threads();
  }

  /** MB/s of each thread with a kind of data and a level of zstd. */
  double mbs(String stage, DataKind kind, int level) {
    Score score = find(stage, Map.of("kind", kind.name(), "level", Integer.toString(level)));
    return score.value() / score.threads();
  }

  /** MB/s of all threads together. */
  double totalMbs(String stage) {
    return find(stage, Map.of()).value();
  }

  private Score find(String stage, Map<String, String> parameters) {
    return scores.stream()
        .filter(each -> each.stage().equals(stage) && each.parameters().equals(parameters))
        .findAny()
        .orElseThrow(() -> new IllegalStateException("Not measured: " + stage + " " + parameters));
  }

  void print(PrintStream out) {
    out.printf(Locale.ROOT, "%-28s %-20s %7s %14s%n", "stage", "kind of data", "threads", "mean");
    for (Score each : scores) {
      out.printf(
          Locale.ROOT,
          "%-28s %-20s %7d %14.1f ± %.1f %s%n",
          each.stage(),
          each.described(),
          each.threads(),
          each.value(),
          each.error(),
          each.unit());
    }
  }
}
