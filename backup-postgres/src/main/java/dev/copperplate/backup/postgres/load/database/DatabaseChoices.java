package dev.copperplate.backup.postgres.load.database;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What a user chose. Immutable: what is chosen is chosen in a copy. */
public final class DatabaseChoices {

  /** What of a database is brought back. */
  public enum Parts {
    ALL,
    DEFINITIONS,
    ROWS
  }

  /** The whole of the only database. */
  public static final DatabaseChoices DEFAULT = new DatabaseChoices();

  private Optional<String> database = Optional.empty();
  private Optional<String> name = Optional.empty();
  private boolean existing;
  private Parts parts = Parts.ALL;
  private SortedSet<String> schemas = Collections.emptySortedSet();
  private boolean globals;
  private Optional<String> owner = Optional.empty();
  private boolean staging;
  private boolean analyze = true;
  private int connections = 2;
  private boolean secluded;

  private DatabaseChoices() {}

  private DatabaseChoices with(Consumer<DatabaseChoices> change) {
    DatabaseChoices copy = new DatabaseChoices();
    copy.database = database;
    copy.name = name;
    copy.existing = existing;
    copy.parts = parts;
    copy.schemas = schemas;
    copy.globals = globals;
    copy.owner = owner;
    copy.staging = staging;
    copy.analyze = analyze;
    copy.connections = connections;
    copy.secluded = secluded;
    change.accept(copy);
    return copy;
  }

  /** Which of the snapshot; the only one if empty. */
  public Optional<String> database() {
    return database;
  }

  /** What it is called on the server; as in the snapshot if empty. */
  public Optional<String> name() {
    return name;
  }

  /** Whether it is there already. */
  public boolean existing() {
    return existing;
  }

  /** What is brought back. */
  public Parts parts() {
    return parts;
  }

  /** Those alone; all if empty. */
  public SortedSet<String> schemas() {
    return schemas;
  }

  /** Whether roles and tablespaces come first. */
  public boolean globals() {
    return globals;
  }

  /** Whose everything becomes, and as whom it is made. */
  public Optional<String> owner() {
    return owner;
  }

  /** Whether rights and what reaches other systems are left out. */
  public boolean staging() {
    return staging;
  }

  /** Whether statistics are gathered at the end. */
  public boolean analyze() {
    return analyze;
  }

  /** On which rows are loaded. */
  public int connections() {
    return connections;
  }

  /**
   * Whether what cannot be kept from reaching out is left out: event triggers of servers that
   * cannot switch them off, rows of views of foreign tables.
   */
  public boolean secluded() {
    return secluded;
  }

  public DatabaseChoices database(String other) {
    return with(copy -> copy.database = Optional.of(other));
  }

  public DatabaseChoices name(String other) {
    return with(copy -> copy.name = Optional.of(other));
  }

  public DatabaseChoices intoExisting() {
    return with(copy -> copy.existing = true);
  }

  /** Rows alone go into tables that are there. */
  public DatabaseChoices parts(Parts other) {
    return with(
        copy -> {
          copy.parts = other;
          copy.existing |= other == Parts.ROWS;
        });
  }

  public DatabaseChoices schemas(List<String> more) {
    SortedSet<String> joined = new TreeSet<>(schemas);
    joined.addAll(more);
    return with(copy -> copy.schemas = Collections.unmodifiableSortedSet(joined));
  }

  /** The same without a choice of schemas. */
  DatabaseChoices allSchemas() {
    return with(copy -> copy.schemas = Collections.emptySortedSet());
  }

  public DatabaseChoices withGlobals() {
    return with(copy -> copy.globals = true);
  }

  public DatabaseChoices owner(String other) {
    return with(copy -> copy.owner = Optional.of(other));
  }

  public DatabaseChoices forStaging() {
    return with(copy -> copy.staging = true);
  }

  public DatabaseChoices analyze(boolean other) {
    return with(copy -> copy.analyze = other);
  }

  public DatabaseChoices connections(int most) {
    return with(copy -> copy.connections = most);
  }

  public DatabaseChoices forSeclusion() {
    return with(copy -> copy.secluded = true);
  }

  /** Whether a schema is wanted. */
  boolean wants(String schema) {
    return schemas.isEmpty() || schemas.contains(schema);
  }
}
