package dev.copperplate.benchmarks.sidebyside;

import java.util.Collection;

/** The middle and the ends of some figures. */
record Spread(double median, double least, double most) {

  /**
   * Of at least one figure.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Spread of(Collection<Double> figures) {
    if (figures.isEmpty()) {
      throw new IllegalArgumentException("No figures");
    }
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}
