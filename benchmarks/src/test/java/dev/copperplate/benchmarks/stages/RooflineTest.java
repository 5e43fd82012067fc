package dev.copperplate.benchmarks.stages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.benchmarks.stages.Roofline.Cost;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RooflineTest {

  private static final List<Cost> COSTS =
      List.of(Cost.of("read", 1_000, 1), Cost.of("seal", 500, 0.5), Cost.of("hash", 500, 1));

  @Test
  void addsUpTheTimeOfStagesOnOneThread() {
    // A byte at 1,000 MB/s, half a byte at 500 MB/s, a byte at 500 MB/s.
    Roofline roofline = new Roofline(DataKind.RANDOM, COSTS, 2, 9_000);
    assertEquals(4, roofline.sum(), 1e-9);
    assertEquals(500, roofline.processorMbs(), 1e-9);
    assertEquals(500, roofline.mbs(), 1e-9);
  }

  @Test
  void isNoHigherThanWhatTheDiskTakes() {
    assertEquals(120, new Roofline(DataKind.RANDOM, COSTS, 2, 120).mbs(), 1e-9);
  }

  @Test
  void printsEachStage() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    new Roofline(DataKind.ROWS, COSTS, 2, 9_000).print(out);
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("hash                2.000 ns/byte   50 %"), text);
    assertTrue(text.contains("roofline 500 MB/s"), text);
  }
}
