package dev.copperplate.benchmarks.sidebyside;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What was measured of a task.
 *
 * @param task its name
 * @param title as it stands in the table
 * @param conditions under which it was measured, in the order in which they are printed; results
 *     with the same conditions can be compared
 * @param date of the day, in UTC
 * @param restic each run
 * @param copperplate each run
 */
record Result(
    String task,
    String title,
    Map<String, String> conditions,
    String date,
    List<Measurement> restic,
    List<Measurement> copperplate) {

  Result {
    // Copies of maps that are immutable forget the order.
    conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
    restic = List.copyOf(restic);
    copperplate = List.copyOf(copperplate);
  }

  /** How many times as long restic takes. */
  double ratio() {
    return spread(restic, Measurement::seconds).median()
        / spread(copperplate, Measurement::seconds).median();
  }

  static Spread spread(List<Measurement> runs, ToDoubleFunction<Measurement> figure) {
    List<Double> figures = new ArrayList<>();
    runs.forEach(each -> figures.add(figure.applyAsDouble(each)));
    return Spread.of(figures);
  }
}
