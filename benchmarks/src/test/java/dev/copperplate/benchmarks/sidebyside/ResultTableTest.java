package dev.copperplate.benchmarks.sidebyside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTableTest {

  private static final List<Measurement> RESTIC =
      List.of(
          new Measurement(4, 6.5, 100 << 20, 2_000_000),
          new Measurement(3, 6, 90 << 20, 2_000_000),
          new Measurement(3.5, 7, 110 << 20, 2_100_000));
  private static final List<Measurement> COPPERPLATE =
      List.of(new Measurement(2, 5, 200 << 20, 1_900_000));

  @Test
  void aRowHasMediansSpreadAndRatio() {
    assertEquals(
        "| rows: back up | 3.50 (3.00–4.00) | 2.00 (2.00–2.00) | 1.75 | 6.50 / 5.00 | 100 / 200 |"
            + " 2.0 / 1.9 |\n",
        ResultTable.row(result("a")));
  }

  @Test
  void whereNothingIsStoredNoSizeIsGiven() {
    List<Measurement> runs = List.of(new Measurement(1, 1, 1 << 20, 0));
    Result listing = new Result("list", "list", Map.of(), "2026-11-26", runs, runs);
    assertTrue(ResultTable.row(listing).endsWith("| 1 / 1 |  |\n"));
  }

  @Test
  void resultsOfTheSameConditionsShareATable() {
    String page = ResultTable.page(List.of(result("a"), result("a")), List.of());
    assertEquals(2, page.split("## Measured 2026-11-26\n", -1).length);
    assertTrue(page.contains("- Copperplate: a\n- Order: kept\n"));
    assertFalse(page.contains("several tables"));
  }

  @Test
  void resultsOfOtherConditionsHaveATableOfTheirOwn() {
    String page = ResultTable.page(List.of(result("a"), result("b")), List.of());
    assertEquals(3, page.split("## Measured", -1).length);
    assertTrue(page.contains("several tables"));
  }

  @Test
  void aResultIsReadAsItWasWritten(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("results/rows.tsv");
    ResultFile.write(file, result("a: b"));
    Result read = ResultFile.read(file);
    assertEquals(result("a: b"), read);
    assertEquals(
        List.copyOf(result("a").conditions().keySet()), List.copyOf(read.conditions().keySet()));
  }

  private static Result result(String revision) {
    Map<String, String> conditions = new LinkedHashMap<>();
    conditions.put("Copperplate", revision);
    conditions.put("Order", "kept");
    return new Result(
        "rows-backup", "rows: back up", conditions, "2026-11-26", RESTIC, COPPERPLATE);
  }
}
