package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.util.Optional;

/**
 * A {@code CREATE INDEX} as {@code pg_get_indexdef} prints it, taken apart.
 *
 * @param rest from the access method on
 */
record IndexDefinition(boolean unique, String rest) {

  /**
   * Takes it apart.
   *
   * @throws IllegalArgumentException if it is of another form
   */
  static IndexDefinition parse(String definition) {
    DefinitionScanner scanner = new DefinitionScanner(definition);
    scanner.require("CREATE ");
    boolean unique = scanner.take("UNIQUE ");
    scanner.require("INDEX ");
    scanner.identifier();
    scanner.require(" ON ");
    scanner.take("ONLY ");
    scanner.qualified();
    scanner.require(" USING ");
    return new IndexDefinition(unique, scanner.rest());
  }

  /** On another table; the server chooses the name if there is none. */
  String on(TableName table, Optional<String> name) {
    return "CREATE "
        + (unique ? "UNIQUE " : "")
        + "INDEX "
        + name.map(each -> SqlText.name(each) + " ").orElse("")
        + "ON "
        + table.sql()
        + " USING "
        + rest;
  }
}
