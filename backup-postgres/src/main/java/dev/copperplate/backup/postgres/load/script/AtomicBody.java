package dev.copperplate.backup.postgres.load.script;

import java.util.Locale;

/**
 * Knows whether semicolons are inside the body of a function that is written in SQL: {@code CREATE
 * [OR REPLACE] FUNCTION … BEGIN ATOMIC … END}. psql counts every BEGIN of such a statement, also
 * the name of a function.
 */
final class AtomicBody {

  /** Words that are longer matter not. */
  static final int LONGEST = 9;

  private static final String FUNCTION = "create( or replace)? (function|procedure)";

  private String beginning = "";
  private int words;
  private String last = "";
  private int depth;

  /** A word outside of brackets, or inside so many. */
  void word(String written, int brackets) {
    String word = written.toLowerCase(Locale.ROOT);
    if (words++ < 4) {
      beginning += words == 1 ? word : " " + word;
    }
    if (brackets == 0) {
      if (depth == 0 && word.equals("atomic") && last.equals("begin") && isFunction()) {
        depth = 1;
      } else if (depth > 0 && word.equals("case")) {
        depth++;
      } else if (depth > 0 && word.equals("end")) {
        depth--;
      }
    }
    last = word;
  }

  /** Before any token. */
  void separate(boolean word) {
    if (!word) {
      last = "";
    }
  }

  private boolean isFunction() {
    return beginning.matches(FUNCTION + ".*");
  }

  boolean isOpen() {
    return depth > 0;
  }
}
