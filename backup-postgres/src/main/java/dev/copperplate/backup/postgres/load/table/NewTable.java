package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.dump.DumpedTable.Column;
import dev.copperplate.backup.postgres.dump.DumpedTable.Constraint;
import dev.copperplate.backup.postgres.dump.DumpedTable.Sequence;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The statements that make one table as it was, under its new name.
 *
 * @param partition whether it becomes a partition of a table that is made with it
 * @param sequences the new names of its own sequences
 */
record NewTable(TableTree tree, boolean partition, Map<TableName, TableName> sequences) {

  private static final String NOT_VALID = " NOT VALID";

  private DumpedTable table() {
    return tree.table();
  }

  private String name() {
    return tree.target().sql();
  }

  /** Sequences of {@code serial} columns. */
  List<String> createSequences() {
    List<String> statements = new ArrayList<>();
    for (Sequence each : serials()) {
      statements.add(
          "CREATE "
              + (table().unlogged() ? "UNLOGGED " : "")
              + "SEQUENCE "
              + renamed(each).sql()
              + " AS "
              + each.type()
              + " "
              + each.options());
    }
    return statements;
  }

  List<String> ownSequences() {
    return serials().stream()
        .map(
            each ->
                "ALTER SEQUENCE "
                    + renamed(each).sql()
                    + " OWNED BY "
                    + name()
                    + "."
                    + SqlText.name(each.column()))
        .toList();
  }

  private List<Sequence> serials() {
    return table().sequences().stream().filter(each -> !each.identity()).toList();
  }

  private TableName renamed(Sequence sequence) {
    TableName stored = new TableName(sequence.schema(), sequence.name());
    return sequences.getOrDefault(stored, stored);
  }

  /** The table with its columns and checks. */
  String create() {
    StringBuilder sql = new StringBuilder("CREATE ");
    sql.append(table().unlogged() ? "UNLOGGED " : "").append("TABLE ").append(name());
    StringJoiner parts = new StringJoiner(",\n  ", "(\n  ", "\n)");
    parts.setEmptyValue(isTyped() ? "" : "()");
    table().columns().forEach(each -> parts.add(isTyped() ? typed(each) : column(each)));
    table().constraints().stream()
        .filter(each -> each.kind().equals("check") && !isOpen(each))
        .forEach(each -> parts.add(constraint(each)));
    sql.append(isTyped() ? " OF " + table().ofType() + " " : " ").append(parts);
    if (!table().partitionKey().isEmpty()) {
      sql.append(" PARTITION BY ").append(table().partitionKey());
    }
    if (!table().accessMethod().isEmpty()) {
      sql.append(" USING ").append(SqlText.name(table().accessMethod()));
    }
    return sql.append(options()).toString();
  }

  private boolean isTyped() {
    return !table().ofType().isEmpty();
  }

  private String options() {
    if (table().options().isEmpty()) {
      return "";
    }
    StringJoiner options = new StringJoiner(", ", " WITH (", ")");
    for (String each : table().options()) {
      int end = each.indexOf('=');
      options.add(
          end < 0
              ? SqlText.name(each)
              : SqlText.name(each.substring(0, end))
                  + " = "
                  + SqlText.literal(each.substring(end + 1)));
    }
    return options.toString();
  }

  private String typed(Column column) {
    return SqlText.name(column.name()) + " WITH OPTIONS" + values(column);
  }

  private String column(Column column) {
    String collation = column.collation().isEmpty() ? "" : " COLLATE " + column.collation();
    return SqlText.name(column.name()) + " " + column.type() + collation + values(column);
  }

  private String values(Column column) {
    StringBuilder sql = new StringBuilder();
    if (!column.generation().isEmpty()) {
      sql.append(" GENERATED ALWAYS AS (").append(column.generated()).append(')');
      sql.append(column.generation().equals("virtual") ? " VIRTUAL" : " STORED");
    } else if (!column.identity().isEmpty()) {
      sql.append(partition ? "" : identity(column));
    } else if (!column.defaultExpression().isEmpty()) {
      String expression = SequenceNames.renamed(column.defaultExpression(), sequences);
      sql.append(" DEFAULT ").append(expression);
    }
    return sql.append(column.notNull() ? " NOT NULL" : "").toString();
  }

  private String identity(Column column) {
    String how = column.identity().equals("always") ? "ALWAYS" : "BY DEFAULT";
    Optional<Sequence> sequence =
        table().sequences().stream()
            .filter(each -> each.identity() && each.column().equals(column.name()))
            .findFirst();
    return " GENERATED "
        + how
        + " AS IDENTITY"
        + sequence
            .map(each -> " (SEQUENCE NAME " + renamed(each).sql() + " " + each.options() + ")")
            .orElse("");
  }

  private static boolean isOpen(Constraint constraint) {
    return constraint.definition().endsWith(NOT_VALID);
  }

  private static String constraint(Constraint constraint) {
    return "CONSTRAINT " + SqlText.name(constraint.name()) + " " + constraint.definition();
  }

  /** Makes it a partition of its parent. */
  String attach(TableName parent) {
    return "ALTER TABLE ONLY "
        + parent.sql()
        + " ATTACH PARTITION "
        + name()
        + " "
        + table().partitionBound();
  }

  /** Constraints that make an index; of a partition those that its parent does not bring. */
  List<Constraint> keys() {
    return local().stream()
        .filter(each -> !each.kind().equals("check") && !each.kind().equals("foreign key"))
        .toList();
  }

  /** Checks that rows need not keep. */
  List<Constraint> openChecks() {
    return local().stream().filter(each -> each.kind().equals("check") && isOpen(each)).toList();
  }

  List<Constraint> foreignKeys() {
    return local().stream().filter(each -> each.kind().equals("foreign key")).toList();
  }

  private List<Constraint> local() {
    return table().constraints().stream().filter(each -> each.local() || !partition).toList();
  }

  /** Adds a constraint, whose name the server chooses if there is none. */
  String add(Constraint constraint, Optional<String> name) {
    return "ALTER TABLE "
        + name()
        + " ADD "
        + name.map(each -> "CONSTRAINT " + SqlText.name(each) + " ").orElse("")
        + constraint.definition();
  }
}
