package dev.copperplate.samples;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What was given on a command line.
 *
 * @param values by the name of the option, in the order given
 * @param operands what is no option
 */
record Arguments(Map<String, List<String>> values, List<String> operands) {

  Arguments {
    values = Map.copyOf(values);
    operands = List.copyOf(operands);
  }

  boolean has(String option) {
    return values.containsKey(option);
  }

  /** All values of an option. */
  List<String> all(String option) {
    return values.getOrDefault(option, List.of());
  }

  /** The value of an option that may be left out. */
  Optional<String> optional(String option) {
    return all(option).stream().findFirst();
  }

  /** The value of an option that must be given. */
  String required(String option) {
    return all(option).get(0);
  }

  Path requiredPath(String option) throws UsageException {
    return path(required(option));
  }

  List<Path> operandPaths() throws UsageException {
    List<Path> paths = new ArrayList<>();
    for (String each : operands) {
      paths.add(path(each));
    }
    return paths;
  }

  /** A number that an option was given. */
  static double number(String option, String text) throws UsageException {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException wrong) {
      throw new UsageException(option + " is no number: " + text);
    }
  }

  /** A duration that an option was given, such as 1h30m. */
  static Duration duration(String option, String text) throws UsageException {
    try {
      return Duration.parse("PT" + text);
    } catch (DateTimeParseException wrong) {
      throw new UsageException(option + " is no duration: " + text + ", such as 1h30m");
    }
  }

  /** A moment that an option was given, with its zone. */
  static Instant time(String text) throws UsageException {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException wrong) {
      throw new UsageException(
          "Not a time with its zone, such as 2026-01-31T12:00:00+01:00: " + text);
    }
  }

  private static Path path(String text) throws UsageException {
    try {
      return Path.of(text);
    } catch (InvalidPathException impossible) {
      throw new UsageException("Not a path: " + text);
    }
  }

  /** Makes something of arguments; where the library refuses them, that is wrong usage. */
  static <T> T checked(Supplier<T> made) throws UsageException {
    try {
      return made.get();
    } catch (IllegalArgumentException refused) {
      throw new UsageException(String.valueOf(refused.getMessage()));
    }
  }
}
