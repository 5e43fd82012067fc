package dev.copperplate.samples;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A command for a person to paste into a shell.
 *
 * @param words the program and its arguments
 */
record ShellCommand(List<String> words) {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

  ShellCommand {
    words = List.copyOf(words);
  }

  static ShellCommand of(Object... words) {
    return new ShellCommand(List.of(words).stream().map(Object::toString).toList());
  }

  @Override
  public String toString() {
    return words.stream().map(ShellCommand::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
