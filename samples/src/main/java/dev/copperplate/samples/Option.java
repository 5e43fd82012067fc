package dev.copperplate.samples;

/**
 * An option of a command line.
 *
 * @param name with its hyphens, such as {@code --tag}
 * @param value what stands for its value in the usage; empty if it takes none
 * @param text what it does
 * @param required whether it must be given
 * @param repeatable whether it may be given more than once
 */
record Option(String name, String value, String text, boolean required, boolean repeatable) {

  /** One that is there or not. */
  static Option flag(String name, String text) {
    return new Option(name, "", text, false, false);
  }

  /** One that may be left out. */
  static Option optional(String name, String value, String text) {
    return new Option(name, value, text, false, false);
  }

  /** One that must be given. */
  static Option required(String name, String value, String text) {
    return new Option(name, value, text, true, false);
  }

  /** One that may be given any number of times. */
  static Option repeatable(String name, String value, String text) {
    return new Option(name, value, text, false, true);
  }

  boolean takesValue() {
    return !value.isEmpty();
  }

  /** How it is written. */
  String synopsis() {
    return takesValue() ? name + " " + value : name;
  }
}
