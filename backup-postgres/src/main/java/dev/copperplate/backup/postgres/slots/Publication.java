package dev.copperplate.backup.postgres.slots;

import java.util.List;

/**
 * A publication. Names and expressions are written as a server prints them for an empty {@code
 * search_path}.
 *
 * @param operations such as {@code insert}, in the server's order
 * @param viaRoot whether changes of partitions look like changes of their root
 * @param generated {@code none} or {@code stored}: which generated columns it has, from 18 on
 * @param schemas whose tables all belong to it, sorted
 * @param tables in order of their names
 * @param comment empty if it has none
 */
public record Publication(
    String database,
    String name,
    String owner,
    boolean allTables,
    List<String> operations,
    boolean viaRoot,
    String generated,
    List<String> schemas,
    List<Table> tables,
    String comment) {

  /**
   * A table of it.
   *
   * @param columns in order; empty for all
   * @param filter which rows; empty for all
   */
  public record Table(String schema, String name, List<String> columns, String filter) {

    public Table {
      columns = List.copyOf(columns);
    }

    static Table of(Line line) {
      return new Table(
          line.text("schema"), line.text("name"), line.texts("columns"), line.text("filter"));
    }

    Line line() {
      return new Line()
          .with("schema", schema)
          .with("name", name)
          .with("columns", columns)
          .with("filter", filter);
    }
  }

  public Publication {
    operations = List.copyOf(operations);
    schemas = List.copyOf(schemas);
    tables = List.copyOf(tables);
  }

  static Publication of(Line line) {
    return new Publication(
        line.text("database"),
        line.text("name"),
        line.text("owner"),
        line.flag("allTables"),
        line.texts("operations"),
        line.flag("viaRoot"),
        line.text("generated"),
        line.texts("schemas"),
        line.lines("tables").stream().map(Table::of).toList(),
        line.text("comment"));
  }

  Line line() {
    return new Line()
        .with("database", database)
        .with("name", name)
        .with("owner", owner)
        .with("allTables", allTables)
        .with("operations", operations)
        .with("viaRoot", viaRoot)
        .with("generated", generated)
        .with("schemas", schemas)
        .with("tables", tables.stream().map(Table::line).toList())
        .with("comment", comment);
  }

  /** Whether the other one publishes the same, whoever owns it. */
  boolean isDefinedAs(Publication other) {
    return allTables == other.allTables
        && operations.equals(other.operations)
        && viaRoot == other.viaRoot
        && generated.equals(other.generated)
        && schemas.equals(other.schemas)
        && tables.equals(other.tables)
        && name.equals(other.name);
  }
}
