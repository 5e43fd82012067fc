package dev.copperplate.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The command line that a sample takes: its options in any order, {@code --name value} or {@code
 * --name=value}, and operands; behind {@code --} everything is an operand.
 *
 * @param program the class
 * @param purpose what it does, in one sentence
 * @param operands how the operands are written in the usage; empty if there are none
 * @param options those of this program; all know {@code --json}, {@code --debug} and {@code --help}
 */
record Syntax(String program, String purpose, String operands, List<Option> options) {

  static final String JSON = "--json";
  static final String DEBUG = "--debug";
  static final String HELP = "--help";

  private static final List<Option> COMMON =
      List.of(
          Option.flag(JSON, "print one line of JSON at the end, and nothing else"),
          Option.flag(DEBUG, "print the stack trace of a failure"),
          Option.flag(HELP, "print this"));

  Syntax {
    List<Option> all = new ArrayList<>(options);
    all.addAll(COMMON);
    options = List.copyOf(all);
  }

  /**
   * Reads a command line.
   *
   * @throws UsageException if it is not one of this program
   */
  Arguments parse(String... line) throws UsageException {
    Map<String, List<String>> values = new TreeMap<>();
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < line.length; i++) {
      if (line[i].equals("--")) {
        rest.addAll(List.of(line).subList(i + 1, line.length));
        break;
      }
      if (!line[i].startsWith("-")) {
        rest.add(line[i]);
        continue;
      }
      String[] parts = line[i].split("=", 2);
      Option option = option(parts[0]);
      if (parts.length == 2 && !option.takesValue()) {
        throw new UsageException(option.name() + " takes no value");
      }
      String value = parts.length == 2 ? parts[1] : "";
      if (parts.length == 1 && option.takesValue()) {
        i++;
        value = value(option, line, i);
      }
      add(values, option, value);
    }
    Arguments arguments = new Arguments(values, rest);
    if (!arguments.has(HELP)) {
      requireWhole(arguments);
    }
    return arguments;
  }

  private static String value(Option option, String[] line, int at) throws UsageException {
    if (at == line.length || line[at].startsWith("--")) {
      throw new UsageException(option.name() + " needs a value: " + option.synopsis());
    }
    return line[at];
  }

  private static void add(Map<String, List<String>> values, Option option, String value)
      throws UsageException {
    List<String> given = values.computeIfAbsent(option.name(), name -> new ArrayList<>());
    if (!given.isEmpty() && option.takesValue() && !option.repeatable()) {
      throw new UsageException(option.name() + " is given twice");
    }
    given.add(value);
  }

  private Option option(String name) throws UsageException {
    Optional<Option> known = options.stream().filter(each -> each.name().equals(name)).findFirst();
    return known.orElseThrow(() -> new UsageException("Unknown option: " + name));
  }

  private void requireWhole(Arguments arguments) throws UsageException {
    for (Option each : options) {
      if (each.required() && !arguments.has(each.name())) {
        throw new UsageException(each.name() + " is missing");
      }
    }
    if (operands.isEmpty() && !arguments.operands().isEmpty()) {
      throw new UsageException("Takes no such argument: " + arguments.operands().get(0));
    }
  }

  /** What {@code --help} prints. */
  String usage() {
    StringBuilder text = new StringBuilder(purpose).append("\n\nUsage: ").append(program);
    for (Option each : options) {
      if (each.required()) {
        text.append(' ').append(each.synopsis());
      }
    }
    text.append(" [OPTION]…");
    if (!operands.isEmpty()) {
      text.append(' ').append(operands);
    }
    text.append("\n\n");
    for (Option each : options) {
      String more = each.repeatable() ? "; may be repeated" : "";
      text.append(String.format(Locale.ROOT, "  %-22s %s%s%n", each.synopsis(), each.text(), more));
    }
    text.append("\nExit code: 0 all done, 1 failure or damage, 2 wrong usage, 3 done in part.\n");
    return text.toString();
  }
}
