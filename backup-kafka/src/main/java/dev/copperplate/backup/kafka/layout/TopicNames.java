package dev.copperplate.backup.kafka.layout;

import java.util.regex.Pattern;

/** Which names topics may have: no others become names of files. */
public final class TopicNames {

  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private TopicNames() {}

  /** Whether brokers let a topic be called so. */
  public static boolean isLegal(String name) {
    return LEGAL.matcher(name).matches() && !name.equals(".") && !name.equals("..");
  }

  /**
   * The name.
   *
   * @throws IllegalArgumentException if brokers do not let a topic be called so
   */
  public static String legal(String name) {
    if (!isLegal(name)) {
      throw new IllegalArgumentException("No topic is called '" + name + "'");
    }
    return name;
  }
}
