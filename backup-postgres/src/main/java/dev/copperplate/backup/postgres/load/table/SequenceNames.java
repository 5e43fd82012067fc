package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.util.Map;
import java.util.Optional;

/** Lets expressions name other sequences than they did. */
final class SequenceNames {

  private SequenceNames() {}

  /**
   * An expression in which each {@code 'name'::regclass} of a sequence is that of another. Other
   * texts and names stay as they are.
   */
  static String renamed(String expression, Map<TableName, TableName> others) {
    StringBuilder renamed = new StringBuilder();
    DefinitionScanner scanner = new DefinitionScanner(expression);
    while (!scanner.isAtEnd()) {
      int from = scanner.position();
      Optional<TableName> other = Optional.empty();
      if (scanner.next() == '"') {
        scanner.identifier();
      } else if (scanner.next() == '\'' || isEscaped(expression, from)) {
        String text = scanner.literal();
        other = scanner.take("::regclass") ? name(text).map(others::get) : other;
      } else {
        scanner.step();
      }
      String before = expression.substring(from, scanner.position());
      renamed.append(other.map(SequenceNames::reference).orElse(before));
    }
    return renamed.toString();
  }

  private static boolean isEscaped(String expression, int at) {
    boolean word = at > 0 && Character.isLetterOrDigit(expression.charAt(at - 1));
    return !word && expression.startsWith("E'", at);
  }

  private static String reference(TableName name) {
    return SqlText.literal(name.sql()) + "::pg_catalog.regclass";
  }

  private static Optional<TableName> name(String text) {
    try {
      DefinitionScanner scanner = new DefinitionScanner(text);
      TableName name = scanner.qualified();
      return scanner.isAtEnd() ? Optional.of(name) : Optional.empty();
    } catch (IllegalArgumentException noName) {
      return Optional.empty();
    }
  }
}
