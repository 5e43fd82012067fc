package dev.copperplate.backup.postgres.load.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be done for one table.
 *
 * @param live the table that is there, if it is
 * @param empty whether that one has no rows
 * @param role as which
 * @param sequences names of the sequences of a new table, by their old names
 * @param publications that send its rows away
 */
record TableTask(
    TableTree tree,
    Optional<LiveTable> live,
    boolean empty,
    String role,
    Map<TableName, TableName> sequences,
    List<String> publications) {

  TableName target() {
    return tree.target();
  }

  boolean destroys() {
    return live.isPresent() && !empty;
  }

  /** How the plan calls it where its rows are destroyed. */
  String destroyed() {
    return "table " + target();
  }

  /** In words. */
  List<String> steps() {
    List<String> steps = new ArrayList<>();
    live.ifPresentOrElse(each -> existing(each, steps), () -> fresh(steps));
    if (!publications.isEmpty()) {
      steps.add(
          "The rows of "
              + target()
              + " go to subscribers of publication "
              + String.join(", ", publications));
    }
    return steps;
  }

  private void fresh(List<String> steps) {
    int partitions = tree.all().size() - 1;
    steps.add(
        "Create table "
            + target()
            + (partitions == 0 ? "" : " with " + partitions + " partitions")
            + " and load "
            + tree.rows()
            + " rows of "
            + tree.stored()
            + ", as role "
            + role);
  }

  private void existing(LiveTable table, List<String> steps) {
    String rows = table.rows() < 0 ? "" : ", about " + table.rows() + " rows,";
    steps.add(
        (empty ? "Load" : "Remove all rows of table " + target() + rows + " and load")
            + " "
            + tree.rows()
            + " rows"
            + (tree.isRenamed() ? " of " + tree.stored() : "")
            + (empty ? " into table " + target() : "")
            + ", as role "
            + role
            + "; others wait for the table meanwhile");
    if (!table.triggers().isEmpty()) {
      List<String> names = table.triggers().stream().map(LiveTrigger::toString).toList();
      steps.add("Do not fire trigger " + String.join(", ", names));
    }
    if (!table.referenced().isEmpty()) {
      steps.add(
          "Look its foreign keys up in "
              + String.join(", ", table.referenced())
              + ", where nobody can delete the rows that it refers to until the end");
    }
  }
}
