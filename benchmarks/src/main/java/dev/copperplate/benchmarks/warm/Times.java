package dev.copperplate.benchmarks.warm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How long each step took one contender, in seconds of wall clock. */
final class Times {

  private static final double NANOS = 1e9;

  private final int warmUp;
  private final Map<Step, List<Double>> seconds = new EnumMap<>(Step.class);

  /**
   * @param warmUp how many rounds at the beginning do not count
   */
  Times(int warmUp) {
    this.warmUp = warmUp;
  }

  /** Does a step and takes its time. */
  void measure(Contender contender, Step step) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    contender.run(step);
    of(step).add((System.nanoTime() - begun) / NANOS);
  }

  /** That of the last round. */
  double last(Step step) {
    List<Double> all = of(step);
    return all.get(all.size() - 1);
  }

  /** Of the rounds that count; the mean of the two in the middle if their number is even. */
  double median(Step step) {
    List<Double> counted = of(step).stream().skip(warmUp).sorted().toList();
    int size = counted.size();
    return (counted.get((size - 1) / 2) + counted.get(size / 2)) / 2;
  }

  private List<Double> of(Step step) {
    return seconds.computeIfAbsent(step, none -> new ArrayList<>());
  }
}
