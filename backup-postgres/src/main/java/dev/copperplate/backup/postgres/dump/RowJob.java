package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows that go into one file.
 *
 * @param number of the file among those of the table
 * @param from the first page; negative for all pages
 * @param to the page behind the last; negative for no end
 */
record RowJob(TableRef table, EntryPath path, int number, long from, long to) {

  /** All rows of a table in one file. */
  static RowJob whole(TableRef table, EntryPath path) {
    return new RowJob(table, path, 0, -1, -1);
  }

  /** The files of a table; ranges of pages have the same borders whatever the table grows to. */
  static List<RowJob> of(TableRef table, EntryPath path, int pagesPerFile) {
    if (!table.ranged() || table.pages() <= pagesPerFile) {
      return List.of(whole(table, path));
    }
    List<RowJob> jobs = new ArrayList<>();
    for (long from = 0; from < table.pages(); from += pagesPerFile) {
      boolean last = from + pagesPerFile >= table.pages();
      int number = jobs.size();
      jobs.add(
          new RowJob(
              table,
              LogicalLayout.part(path, number),
              number,
              from,
              last ? -1 : from + pagesPerFile));
    }
    return jobs;
  }

  /**
   * The statement that reads them.
   *
   * @see <a href="https://www.postgresql.org/docs/17/sql-copy.html">PostgreSQL, "COPY"</a>
   */
  String sql(String encoding) {
    return "COPY " + rows() + " TO STDOUT WITH (FORMAT text, ENCODING '" + encoding + "')";
  }

  private String rows() {
    if (from < 0 && table.condition().isEmpty()) {
      return table.sql() + RowFile.list(table.columns());
    }
    String where = from < 0 ? table.condition() : range();
    return "(SELECT "
        + SqlText.names(table.columns())
        + " FROM ONLY "
        + table.sql()
        + " "
        + where
        + ")";
  }

  private String range() {
    String start = "WHERE ctid >= '(" + from + ",0)'::pg_catalog.tid";
    return to < 0 ? start : start + " AND ctid < '(" + to + ",0)'::pg_catalog.tid";
  }
}
