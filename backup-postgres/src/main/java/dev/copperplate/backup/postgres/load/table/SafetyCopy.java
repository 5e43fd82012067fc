package dev.copperplate.backup.postgres.load.table;

import java.io.IOException;
import java.util.List;

/** Keeps what a table holds before its rows are removed. */
@FunctionalInterface
public interface SafetyCopy {

  /**
   * Keeps it; nobody writes into the table meanwhile.
   *
   * @param names of the table and its partitions, as SQL
   * @return the run whose snapshot holds it, whole
   */
  String take(String database, TableName table, List<String> names)
      throws IOException, InterruptedException;
}
