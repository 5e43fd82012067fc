package dev.copperplate.backup.postgres.load.table;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a user chose.
 *
 * @param database of the snapshot; empty for the only one
 * @param tables which, in order
 * @param truncate whether rows that are there are destroyed
 * @param published whether tables of publications are restored too
 * @param foreignKeys whether foreign keys are added
 * @param lockTimeout how long a lock is waited for
 * @param owner of new tables; empty for the one that is recorded
 */
public record TableChoices(
    String database,
    List<Wanted> tables,
    boolean truncate,
    boolean published,
    boolean foreignKeys,
    Duration lockTimeout,
    String owner) {

  public static final TableChoices DEFAULT =
      new TableChoices("", List.of(), false, false, false, Duration.ofSeconds(5), "");

  /** A table of the snapshot, and what it becomes. */
  public record Wanted(TableName stored, TableName target) {}

  public TableChoices {
    tables = List.copyOf(tables);
  }

  public TableChoices database(String name) {
    return new TableChoices(name, tables, truncate, published, foreignKeys, lockTimeout, owner);
  }

  public TableChoices table(TableName name) {
    List<Wanted> more = new ArrayList<>(tables);
    more.add(new Wanted(name, name));
    return tables(more);
  }

  /** Under another name, the last one that was chosen. */
  public TableChoices as(TableName name) {
    if (tables.isEmpty()) {
      throw new IllegalArgumentException("Which table becomes " + name + " is to be said first");
    }
    List<Wanted> other = new ArrayList<>(tables);
    Wanted last = other.remove(other.size() - 1);
    other.add(new Wanted(last.stored(), name));
    return tables(other);
  }

  private TableChoices tables(List<Wanted> other) {
    return new TableChoices(database, other, truncate, published, foreignKeys, lockTimeout, owner);
  }

  public TableChoices truncating() {
    return new TableChoices(database, tables, true, published, foreignKeys, lockTimeout, owner);
  }

  public TableChoices evenPublished() {
    return new TableChoices(database, tables, truncate, true, foreignKeys, lockTimeout, owner);
  }

  public TableChoices withForeignKeys() {
    return new TableChoices(database, tables, truncate, published, true, lockTimeout, owner);
  }

  public TableChoices lockTimeout(Duration limit) {
    return new TableChoices(database, tables, truncate, published, foreignKeys, limit, owner);
  }

  public TableChoices owner(String role) {
    return new TableChoices(database, tables, truncate, published, foreignKeys, lockTimeout, role);
  }
}
