package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.dump.DumpedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A table with its partitions, and what they are called where they are restored.
 *
 * @param table as it was stored
 * @param target its new name
 */
record TableTree(DumpedTable table, TableName target, List<TableTree> partitions) {

  TableTree {
    partitions = List.copyOf(partitions);
  }

  TableName stored() {
    return new TableName(table.schema(), table.name());
  }

  /** It and all below it, each before its partitions. */
  List<TableTree> all() {
    List<TableTree> all = new ArrayList<>();
    each(all::add);
    return all;
  }

  private void each(Consumer<TableTree> consumer) {
    consumer.accept(this);
    partitions.forEach(below -> below.each(consumer));
  }

  boolean isRenamed() {
    return !target.equals(stored());
  }

  long rows() {
    return all().stream().mapToLong(each -> each.table().rows()).sum();
  }

  long bytes() {
    return all().stream()
        .flatMap(each -> each.table().files().stream())
        .mapToLong(DumpedTable.RowsFile::bytes)
        .sum();
  }

  long files() {
    return all().stream().mapToLong(each -> each.table().files().size()).sum();
  }
}
