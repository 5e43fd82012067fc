package dev.copperplate.benchmarks;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of a benchmark, each a name and a value: {@code --rounds 6}. */
public final class CommandLine {

  private final String usage;
  private final Map<String, String> values = new HashMap<>();

  /**
   * @param usage what to tell whoever got it wrong
   * @param names the options that there are
   * @throws IllegalArgumentException if there are others, or one has no value
   */
  public CommandLine(String usage, List<String> names, String... line) {
    this.usage = usage;
    for (int i = 0; i < line.length; i += 2) {
      if (!names.contains(line[i])) {
        throw wrong("There is no option " + line[i]);
      }
      if (i + 1 == line.length) {
        throw wrong(line[i] + " has no value");
      }
      values.put(line[i], line[i + 1]);
    }
  }

  public Optional<String> optional(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The absolute path that an option must give. */
  public Path path(String name) {
    String value = optional(name).orElseThrow(() -> wrong(name + " is needed"));
    return Path.of(value).toAbsolutePath().normalize();
  }

  /** A whole number that is at least 1. */
  public int count(String name, int otherwise) {
    return optional(name).map(value -> positive(name, value)).orElse(otherwise);
  }

  private int positive(String name, String value) {
    try {
      int number = Integer.parseInt(value);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException notOne) {
      throw (IllegalArgumentException) wrong(name + " is no number: " + value).initCause(notOne);
    }
    throw wrong(name + " is at least 1: " + value);
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(what + "\nUsage: " + usage);
  }
}
