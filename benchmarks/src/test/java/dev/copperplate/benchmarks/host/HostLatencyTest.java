package dev.copperplate.benchmarks.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLatencyTest {

  @TempDir Path directory;

  @Test
  void asksInTurnsWithoutAndWithABackupAndLeavesNothing() throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    byte[] content = new byte[1 << 20];
    new Random(1).nextBytes(content);
    Files.write(source.resolve("file"), content);
    Path work = directory.resolve("work");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    HostLatency.run(
        new PrintStream(bytes, true, StandardCharsets.UTF_8),
        "--source",
        source.toString(),
        "--work",
        work.toString(),
        "--seconds",
        "1",
        "--rate",
        "50",
        "--turns",
        "1");
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertEquals(3, text.lines().filter(each -> each.startsWith("  without ")).count(), text);
    assertEquals(3, text.lines().filter(each -> each.startsWith("  with ")).count(), text);
    assertTrue(text.contains("p99 with a backup is"), text);
    try (Stream<Path> left = Files.list(work)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void countsByRankAndInMilliseconds() throws Exception {
    long[] nanos = new long[100];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = (100 - i) * 1_000_000L;
    }
    Latencies latencies = new Latencies(nanos, new long[100]);
    assertEquals(50, latencies.percentile(50));
    assertEquals(99, latencies.percentile(99));
    assertEquals(100, latencies.percentile(99.9));
    assertEquals(100, latencies.percentile(100));
    Path file = directory.resolve("latencies");
    latencies.and(Latencies.NONE).write(file);
    assertEquals(99, Latencies.read(file).percentile(99));
    assertEquals(0, Latencies.read(file).sentPercentile(99));
  }
}
