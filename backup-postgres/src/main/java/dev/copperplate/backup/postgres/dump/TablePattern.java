package dev.copperplate.backup.postgres.dump;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Says which tables: {@code schema.table} with {@code *} for any characters. As in SQL, letters
 * outside double quotes are small ones, everything inside double quotes stands for itself, and two
 * double quotes are one.
 */
public final class TablePattern {

  private final String text;
  private final Pattern schema;
  private final Pattern table;

  private TablePattern(String text, Pattern schema, Pattern table) {
    this.text = text;
    this.schema = schema;
    this.table = table;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is not two names with a dot between them
   */
  public static TablePattern of(String text) {
    List<StringBuilder> names = new ArrayList<>(List.of(new StringBuilder()));
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      StringBuilder name = names.get(names.size() - 1);
      if (each == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        name.append(Pattern.quote("\""));
        i++;
      } else if (each == '"') {
        quoted = !quoted;
      } else if (quoted) {
        name.append(Pattern.quote(String.valueOf(each)));
      } else if (each == '.') {
        names.add(new StringBuilder());
      } else if (each == '*') {
        name.append(".*");
      } else {
        name.append(Pattern.quote(String.valueOf(each).toLowerCase(Locale.ROOT)));
      }
    }
    if (quoted || names.size() != 2 || names.get(0).isEmpty() || names.get(1).isEmpty()) {
      throw new IllegalArgumentException(
          "Tables are named like public.orders, public.* or \"My Schema\".\"My Table\": " + text);
    }
    return new TablePattern(text, compiled(names.get(0)), compiled(names.get(1)));
  }

  private static Pattern compiled(StringBuilder name) {
    return Pattern.compile(name.toString(), Pattern.DOTALL);
  }

  boolean matches(String schemaName, String tableName) {
    return schema.matcher(schemaName).matches() && table.matcher(tableName).matches();
  }

  @Override
  public String toString() {
    return text;
  }
}
