package dev.copperplate.samples;

import java.util.Locale;

/** Constants as words in a sentence. */
final class Words {

  private Words() {}

  /** Such as {@code complete}. */
  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
