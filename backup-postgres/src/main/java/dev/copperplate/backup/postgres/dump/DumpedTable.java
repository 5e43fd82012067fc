package dev.copperplate.backup.postgres.dump;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A table of a logical snapshot: a line of {@code /.backup/tables.jsonl}. It says which rows are
 * where, and what it takes to create the table under another name. Expressions and types are
 * written as a server prints them for an empty {@code search_path}. What is not there is empty.
 *
 * @param kind {@link #TABLE} or {@link #PARTITIONED}
 * @param owner the role
 * @param unlogged whether its rows do not survive a crash of the server
 * @param accessMethod such as {@code heap}; empty for a partitioned table
 * @param options storage parameters, such as {@code fillfactor=70}
 * @param ofType the composite type that it is made of
 * @param partitionKey such as {@code RANGE (day)}
 * @param partitionBound such as {@code FOR VALUES IN (1)}
 * @param parents of what it is a partition, or from what it inherits, in order
 * @param columns in order
 * @param constraints all but NOT NULL
 * @param indexes those that no constraint makes
 * @param sequences that belong to its columns
 * @param captured whether its own rows are in the snapshot
 * @param files where its own rows are, in order; none if it has no storage
 */
public record DumpedTable(
    String database,
    String schema,
    String name,
    String kind,
    String owner,
    boolean unlogged,
    String accessMethod,
    List<String> options,
    String ofType,
    String partitionKey,
    String partitionBound,
    List<Parent> parents,
    List<Column> columns,
    List<Constraint> constraints,
    List<Index> indexes,
    List<Sequence> sequences,
    boolean captured,
    List<RowsFile> files) {

  public static final String TABLE = "table";
  public static final String PARTITIONED = "partitioned";

  /** Another table. */
  public record Parent(String schema, String name) {}

  /**
   * A column.
   *
   * @param type with its modifier, such as {@code numeric(10,2)}
   * @param defaultExpression of a column that is not generated
   * @param identity {@code always}, {@code by default} or empty
   * @param generated the expression of a generated column
   * @param generation {@code stored}, {@code virtual} or empty
   * @param collation where it is not that of its type, quoted
   * @param local whether the table itself has it, not only what it inherits from
   */
  public record Column(
      String name,
      String type,
      boolean notNull,
      String defaultExpression,
      String identity,
      String generated,
      String generation,
      String collation,
      boolean local) {}

  /**
   * A constraint.
   *
   * @param kind {@code primary key}, {@code unique}, {@code exclusion}, {@code check} or {@code
   *     foreign key}
   * @param definition as behind {@code CONSTRAINT name}
   * @param local whether the table itself has it, not only what it inherits from
   */
  public record Constraint(String name, String kind, String definition, boolean local) {}

  /**
   * An index.
   *
   * @param definition a whole {@code CREATE INDEX}
   */
  public record Index(String name, String definition) {}

  /**
   * A sequence.
   *
   * @param identity whether it is an inner part of an identity column
   * @param type {@code smallint}, {@code integer} or {@code bigint}
   * @param options as behind {@code CREATE SEQUENCE}, from {@code INCREMENT BY} on
   * @param last what it had given out last, decimal; empty if nothing, or if the role may not know
   */
  public record Sequence(
      String schema,
      String name,
      String column,
      boolean identity,
      String type,
      String options,
      String last) {

    private static final Pattern TYPE = Pattern.compile("smallint|integer|bigint");

    private static final Pattern OPTIONS =
        Pattern.compile(
            "INCREMENT BY -?\\d{1,19} MINVALUE -?\\d{1,19} MAXVALUE -?\\d{1,19}"
                + " START WITH -?\\d{1,19} CACHE \\d{1,19}( NO)? CYCLE");

    private static final Pattern LAST = Pattern.compile("(-?\\d{1,19})?");

    public Sequence {
      if (!TYPE.matcher(type).matches()
          || !OPTIONS.matcher(options).matches()
          || !LAST.matcher(last).matches()) {
        throw new IllegalArgumentException("no sequence");
      }
    }
  }

  /**
   * Rows in a file.
   *
   * @param path with slashes, from the root of the snapshot
   * @param bytes of the lines of the rows, without what stands around them
   * @param sha256 of these lines, in hexadecimal digits
   */
  public record RowsFile(String path, long rows, long bytes, String sha256) {}

  public DumpedTable {
    options = List.copyOf(options);
    parents = List.copyOf(parents);
    columns = List.copyOf(columns);
    constraints = List.copyOf(constraints);
    indexes = List.copyOf(indexes);
    sequences = List.copyOf(sequences);
    files = List.copyOf(files);
  }

  /**
   * Reads a line.
   *
   * @throws dev.copperplate.backup.BackupException {@code DAMAGED} if it is none
   */
  public static DumpedTable parse(String line) throws IOException {
    return TableLine.read(line);
  }

  /** The line, without its end. */
  public String toLine() throws IOException {
    return TableLine.write(this);
  }

  /** The columns that {@code COPY} reads and writes. */
  public List<String> copiedColumns() {
    return columns.stream().filter(each -> each.generation().isEmpty()).map(Column::name).toList();
  }

  public long rows() {
    return files.stream().mapToLong(RowsFile::rows).sum();
  }

  DumpedTable captured(List<RowsFile> rows) {
    return new DumpedTable(
        database,
        schema,
        name,
        kind,
        owner,
        unlogged,
        accessMethod,
        options,
        ofType,
        partitionKey,
        partitionBound,
        parents,
        columns,
        constraints,
        indexes,
        sequences,
        true,
        rows);
  }
}
