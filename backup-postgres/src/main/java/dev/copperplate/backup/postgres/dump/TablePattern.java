package dev.copperplate.backup.postgres.dump;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Says which tables: {@code schema.table} with {@code *} for any characters. As in SQL, letters
 * from A to Z outside double quotes are small ones, everything inside double quotes stands for
 * itself, and two double quotes are one.
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
    int[] all = text.codePoints().toArray();
    for (int i = 0; i < all.length; i++) {
      int each = all[i];
      StringBuilder name = names.get(names.size() - 1);
      if (each == '"' && quoted && i + 1 < all.length && all[i + 1] == '"') {
        name.append(itself(each));
        i++;
      } else if (each == '"') {
        quoted = !quoted;
      } else if (quoted) {
        name.append(itself(each));
      } else if (each == '.') {
        names.add(new StringBuilder());
      } else if (each == '*') {
        name.append(".*");
      } else {
        name.append(itself(each >= 'A' && each <= 'Z' ? each - 'A' + 'a' : each));
      }
    }
    if (quoted || names.size() != 2 || names.get(0).isEmpty() || names.get(1).isEmpty()) {
      throw new IllegalArgumentException(
          "Tables are named like public.orders, public.* or \"My Schema\".\"My Table\": " + text);
    }
    return new TablePattern(text, compiled(names.get(0)), compiled(names.get(1)));
  }

  /** A whole character: halves of one would match nothing. */
  private static String itself(int character) {
    return Pattern.quote(Character.toString(character));
  }

  private static Pattern compiled(StringBuilder name) {
    return Pattern.compile(name.toString(), Pattern.DOTALL);
  }

  /** Whether it means this table. */
  public boolean matches(String schemaName, String tableName) {
    return schema.matcher(schemaName).matches() && table.matcher(tableName).matches();
  }

  @Override
  public String toString() {
    return text;
  }
}
