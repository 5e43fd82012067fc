package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.nio.charset.StandardCharsets;

/** A table, sequence or index in its schema. */
public record TableName(String schema, String name) {

  /** Longer names are cut by the server, which would then mean another table. */
  private static final int MAX_BYTES = 63;

  public TableName {
    if (!isName(schema) || !isName(name)) {
      throw new IllegalArgumentException("A table has a name, in a schema that has one");
    }
  }

  /**
   * One that a person chose for a new table.
   *
   * @throws IllegalArgumentException also if it is too long
   */
  public static TableName chosen(String schema, String name) {
    if (!fits(schema) || !fits(name)) {
      throw new IllegalArgumentException(
          "A name is longer than " + MAX_BYTES + " bytes: '" + schema + "', '" + name + "'");
    }
    return new TableName(schema, name);
  }

  /** Whether a table can be called so. */
  public static boolean isName(String name) {
    return !name.isEmpty() && name.indexOf('\0') < 0;
  }

  static boolean fits(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
  }

  /** As SQL. */
  public String sql() {
    return SqlText.name(schema, name);
  }

  @Override
  public String toString() {
    return sql();
  }
}
