package dev.copperplate.benchmarks.sidebyside;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/** Results as Markdown: for each set of conditions the conditions and a table. */
final class ResultTable {

  private static final String HEAD =
      """
      | work | restic, s | Copperplate, s | restic / Copperplate | CPU, s | peak, MiB | stored, MB |
      |---|---|---|---|---|---|---|
      """;
  private static final String NOTHING = "";

  private ResultTable() {}

  /**
   * The whole page.
   *
   * @param results in the order of the table
   * @param notes what a reader has to know besides, each a sentence or more
   */
  static String page(List<Result> results, List<String> notes) {
    StringBuilder page = new StringBuilder();
    page.append("# Side by side with restic\n\n");
    page.append("Written by `benchmarks/run`; [README.md](README.md) has the method.\n");
    page.append("Time is wall clock of the whole process: median (least–most).\n");
    page.append("The ratio is of the medians; above 1, Copperplate takes less time.\n");
    page.append("CPU, peak memory and stored size are medians, restic's first.\n");
    notes.forEach(each -> page.append('\n').append(each).append('\n'));
    Map<Map<String, String>, List<Result>> sections = new LinkedHashMap<>();
    for (Result each : results) {
      sections.computeIfAbsent(each.conditions(), conditions -> new ArrayList<>()).add(each);
    }
    if (sections.size() > 1) {
      page.append(
          "\nNot everything was measured under the same conditions, hence several tables.\n");
    }
    sections.forEach((conditions, rows) -> page.append(section(conditions, rows)));
    return page.toString();
  }

  private static String section(Map<String, String> conditions, List<Result> rows) {
    TreeSet<String> days = new TreeSet<>();
    rows.forEach(each -> days.add(each.date()));
    String period = days.size() == 1 ? days.first() : days.first() + " to " + days.last();
    StringBuilder section = new StringBuilder();
    section.append("\n## Measured ").append(period).append("\n\n");
    conditions.forEach(
        (name, value) -> section.append("- ").append(name).append(": ").append(value).append('\n'));
    section.append('\n').append(HEAD);
    rows.forEach(each -> section.append(row(each)));
    return section.toString();
  }

  static String row(Result result) {
    return "| "
        + String.join(
            " | ",
            result.title(),
            time(result.restic()),
            time(result.copperplate()),
            Decimal.ratio(result.ratio()),
            both(result, Measurement::cpuSeconds, Decimal::seconds),
            both(result, each -> (double) each.peakBytes(), Decimal::mebibytes),
            stores(result)
                ? both(result, each -> (double) each.storedBytes(), Decimal::megabytes)
                : NOTHING)
        + " |\n";
  }

  private static boolean stores(Result result) {
    return result.restic().get(0).storedBytes() > 0;
  }

  private static String time(List<Measurement> runs) {
    Spread spread = Result.spread(runs, Measurement::seconds);
    return Decimal.seconds(spread.median())
        + " ("
        + Decimal.seconds(spread.least())
        + "–"
        + Decimal.seconds(spread.most())
        + ")";
  }

  private static String both(
      Result result, ToDoubleFunction<Measurement> figure, DoubleFunction<String> text) {
    return text.apply(Result.spread(result.restic(), figure).median())
        + " / "
        + text.apply(Result.spread(result.copperplate(), figure).median());
  }
}
