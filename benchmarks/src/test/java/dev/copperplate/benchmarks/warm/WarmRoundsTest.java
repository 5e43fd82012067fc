package dev.copperplate.benchmarks.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmRoundsTest {

  @TempDir Path directory;
  private Path source;
  private Path work;

  @BeforeEach
  void makeFiles() throws Exception {
    source = Files.createDirectories(directory.resolve("source/inner")).getParent();
    work = directory.resolve("work");
    for (int i = 0; i < 20; i++) {
      Files.writeString(source.resolve("inner/file-" + i), "content " + i);
    }
  }

  @Test
  void measuresEachStepAndLeavesNothing() throws Exception {
    String text = run("--rounds", "3", "--roofline-mbs", "100");
    assertTrue(text.contains("round 2, does not count"), text);
    assertTrue(text.contains("Medians of 1 rounds in a warm JVM, 0.0 MB"), text);
    assertTrue(text.contains("of the roofline of 100 MB/s"), text);
    try (Stream<Path> left = Files.list(work)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void comparesWithStockRestic() throws Exception {
    String restic = System.getenv("RESTIC");
    assumeTrue(restic != null, "No restic: set RESTIC to the program");
    String text = run("--rounds", "1", "--restic", restic);
    for (Step each : Step.values()) {
      assertTrue(
          text.lines().anyMatch(line -> line.matches("  " + each + " .* restic .* of it")), text);
    }
  }

  @Test
  void namesWhatIsWrongWithTheCommandLine() {
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> run("--round", "3"));
    assertTrue(wrong.getMessage().startsWith("There is no option --round\nUsage: "));
    wrong = assertThrows(IllegalArgumentException.class, () -> run("--rounds", "x"));
    assertTrue(wrong.getMessage().startsWith("--rounds is no number: x\nUsage: "));
  }

  private String run(String... more) throws Exception {
    List<String> line = new ArrayList<>(List.of("--source", source.toString()));
    line.addAll(List.of("--work", work.toString()));
    line.addAll(List.of(more));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    WarmRounds.run(
        new PrintStream(bytes, true, StandardCharsets.UTF_8), line.toArray(new String[0]));
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
