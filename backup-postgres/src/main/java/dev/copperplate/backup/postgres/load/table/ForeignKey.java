package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.sql.SqlText;

/**
 * A foreign key as {@code pg_get_constraintdef} prints it, taken apart.
 *
 * @param table that has it
 * @param columns of this table, as SQL in brackets
 * @param referenced the other table
 * @param rest behind the name of the other table, without {@code NOT VALID}
 * @param validated whether all rows are known to keep it
 */
record ForeignKey(
    TableName table,
    String name,
    String columns,
    TableName referenced,
    String rest,
    boolean validated) {

  private static final String NOT_VALID = " NOT VALID";
  private static final String NOT_ENFORCED = " NOT ENFORCED";

  /**
   * Takes it apart.
   *
   * @throws IllegalArgumentException if it is of another form
   */
  static ForeignKey parse(TableName table, String name, String definition) {
    DefinitionScanner scanner = new DefinitionScanner(definition);
    scanner.require("FOREIGN KEY ");
    int from = scanner.position();
    scanner.skipTo(')');
    scanner.require(")");
    String columns = definition.substring(from, scanner.position());
    scanner.require(" REFERENCES ");
    TableName referenced = scanner.qualified();
    String rest = scanner.rest();
    boolean open = rest.endsWith(NOT_VALID);
    return new ForeignKey(
        table,
        name,
        columns,
        referenced,
        open ? rest.substring(0, rest.length() - NOT_VALID.length()) : rest,
        !open && !rest.endsWith(NOT_ENFORCED));
  }

  ForeignKey referring(TableName other) {
    return new ForeignKey(table, name, columns, other, rest, validated);
  }

  /** Adds it without looking at a row. */
  String add() {
    return "ALTER TABLE "
        + table.sql()
        + " ADD CONSTRAINT "
        + SqlText.name(name)
        + " FOREIGN KEY "
        + columns
        + " REFERENCES "
        + referenced.sql()
        + rest
        + (rest.endsWith(NOT_ENFORCED) ? "" : NOT_VALID);
  }

  /** Looks at all rows. */
  String validate() {
    return "ALTER TABLE " + table.sql() + " VALIDATE CONSTRAINT " + SqlText.name(name);
  }

  /** What a person runs. */
  String script() {
    return add() + ";" + (validated ? " " + validate() + ";" : "");
  }
}
