package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.dump.DumpedTable.Sequence;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sets the sequences of a table behind all that they may have given out: what is in the rows, what
 * the snapshot says, and where they stand. One that cycles goes to where the snapshot says.
 */
final class SequencePositions {

  private static final String SEQUENCES =
      """
      SELECT s.oid, a.attname, q.seqincrement, q.seqmin, q.seqmax, q.seqcycle, pg_catalog.pg_sequence_last_value(s.oid),
        a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype), tn.nspname, t.relname
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
        JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        JOIN pg_catalog.pg_class t ON t.oid = d.refobjid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
        AND d.deptype IN ('a', 'i') AND d.refobjid = ?::regclass\
      """;

  private final LiveSession session;

  SequencePositions(LiveSession session) {
    this.session = session;
  }

  /** Sets those of a table and its partitions. */
  void set(TableTree tree) throws SQLException {
    for (TableTree each : tree.all()) {
      if (session.is("SELECT pg_catalog.to_regclass(?) IS NOT NULL", each.target().sql())) {
        for (List<String> row : session.rows(SEQUENCES, each.target().sql())) {
          set(row, each);
        }
      }
    }
  }

  private void set(List<String> row, TableTree table) throws SQLException {
    boolean up = !row.get(2).startsWith("-");
    List<BigDecimal> given = new ArrayList<>();
    for (Sequence each : table.table().sequences()) {
      if (each.column().equals(row.get(1))) {
        add(each.last(), given);
      }
    }
    boolean cycles = row.get(5).equals("t");
    if (!cycles || given.isEmpty()) {
      add(row.get(6), given);
    }
    if (!cycles && row.get(7).equals("t")) {
      add(furthest(row, up), given);
    }
    BigDecimal least = new BigDecimal(row.get(3));
    BigDecimal most = new BigDecimal(row.get(4));
    given.removeIf(each -> each.compareTo(least) < 0 || each.compareTo(most) > 0);
    if (!given.isEmpty()) {
      BigDecimal last = given.stream().reduce(up ? BigDecimal::max : BigDecimal::min).orElseThrow();
      session.value(
          "SELECT pg_catalog.setval(?::bigint::oid::regclass, ?::bigint, true)",
          Long.parseLong(row.get(0)),
          last.longValueExact());
    }
  }

  private String furthest(List<String> row, boolean up) throws SQLException {
    String column = SqlText.name(row.get(1));
    return session.value(
        "SELECT pg_catalog."
            + (up ? "max(" : "min(")
            + column
            + ") FROM "
            + SqlText.name(row.get(8), row.get(9))
            + " WHERE "
            + column
            + " BETWEEN "
            + row.get(3)
            + " AND "
            + row.get(4));
  }

  private static void add(String number, List<BigDecimal> numbers) {
    if (!number.isEmpty()) {
      numbers.add(new BigDecimal(number).setScale(0, RoundingMode.DOWN));
    }
  }
}
