package dev.copperplate.backup.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What Kafka's own {@code kafka-dump-log} says of a file, in a process of its own. */
public final class StockDump {

  /** It has moved between lines of Kafka. */
  private static final List<String> MAINS =
      List.of("kafka.tools.DumpLogSegments", "org.apache.kafka.tools.DumpLogSegments");

  private StockDump() {}

  /** Fails unless it ends well. */
  public static String of(Path file, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main(),
                "--files",
                file.toString()));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
    return output;
  }

  private static String main() {
    return MAINS.stream()
        .filter(
            each ->
                StockDump.class.getClassLoader().getResource(each.replace('.', '/') + ".class")
                    != null)
        .findFirst()
        .orElseThrow();
  }
}
