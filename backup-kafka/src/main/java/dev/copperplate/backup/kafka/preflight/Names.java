package dev.copperplate.backup.kafka.preflight;

import java.util.List;
import java.util.stream.Collectors;

/** Lists of names for people: a few of them, and how many more. */
final class Names {

  private static final int SHOWN = 5;

  private Names() {}

  /** Such as {@code topics 'a', 'b'}. */
  static String of(String kind, List<String> names) {
    return kind + (names.size() == 1 ? " " : "s ") + few(names);
  }

  private static String few(List<String> names) {
    String shown =
        names.stream().limit(SHOWN).map(each -> "'" + each + "'").collect(Collectors.joining(", "));
    return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
  }
}
