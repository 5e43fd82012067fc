package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.util.List;

/**
 * A table as a capture meets it.
 *
 * @param oid its number
 * @param stored whether it has rows of its own, and is no partitioned table
 * @param readable whether the role may read it
 * @param filtered whether row-level security hides rows from the role
 * @param ranged whether ranges of its pages can be read
 * @param pages how many it had
 * @param columns those that are copied
 * @param extension whether an extension made it, and wants its rows dumped
 * @param condition which rows, such as {@code WHERE own}; only of an extension
 */
record TableRef(
    long oid,
    String schema,
    String name,
    boolean stored,
    boolean readable,
    boolean filtered,
    boolean ranged,
    long pages,
    List<String> columns,
    boolean extension,
    String condition) {

  /** What makes it the same table. */
  record Key(long oid, String schema, String name) {}

  Key key() {
    return new Key(oid, schema, name);
  }

  /** As SQL. */
  String sql() {
    return SqlText.name(schema, name);
  }
}
