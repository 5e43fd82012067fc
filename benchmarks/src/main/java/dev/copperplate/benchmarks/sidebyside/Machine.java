package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What Linux says of the machine. Its name is not asked for. */
final class Machine {

  private static final long KIBIBYTE = 1024;
  private static final double GIBIBYTE = 1 << 30;

  private Machine() {}

  /** Facts for a person to read. */
  static Map<String, String> facts(Path work) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Processor", Runtime.getRuntime().availableProcessors() + " of " + processor());
    facts.put("Memory", Math.round((double) memoryBytes() / GIBIBYTE) + " GiB");
    facts.put("File system", Files.getFileStore(work).type());
    facts.put("Kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    return facts;
  }

  /** Whether we are root, to whom some things are allowed and some refused. */
  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  static long memoryBytes() throws IOException {
    String text = value(Path.of("/proc/meminfo"), "MemTotal", "0");
    return Long.parseLong(text.replaceAll("\\D", "")) * KIBIBYTE;
  }

  private static String processor() throws IOException {
    // Some processors have no name.
    return value(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch"));
  }

  private static String value(Path file, String name, String fallback) throws IOException {
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (line.startsWith(name)) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return fallback;
  }
}
