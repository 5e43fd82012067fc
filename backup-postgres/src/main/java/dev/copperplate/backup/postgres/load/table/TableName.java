package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.nio.charset.StandardCharsets;

/** A table, sequence or index in its schema. */
public record TableName(String schema, String name) {

  /** Longer names are cut by the server, which would then mean another table. */
  private static final int MAX_BYTES = 63;

  public TableName {
    require(schema);
    require(name);
  }

  private static void require(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "Not a name of 1 to " + MAX_BYTES + " bytes: '" + name.replace('\0', '?') + "'");
    }
  }

  static boolean isName(String name) {
    return !name.isEmpty() && name.indexOf('\0') < 0 && fits(name);
  }

  static boolean fits(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
  }

  /** As SQL. */
  String sql() {
    return SqlText.name(schema, name);
  }

  @Override
  public String toString() {
    return sql();
  }
}
