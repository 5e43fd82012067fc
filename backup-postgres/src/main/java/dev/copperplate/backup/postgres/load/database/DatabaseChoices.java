package dev.copperplate.backup.postgres.load.database;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a user chose.
 *
 * @param database which of the snapshot; the only one
 * @param name what it is called on the server; as in the snapshot
 * @param existing whether it is there already
 * @param parts what is brought back
 * @param schemas those alone; all
 * @param globals whether roles and tablespaces come first
 * @param owner whose everything becomes, and as whom it is made
 * @param staging whether rights and what reaches other systems are left out
 * @param analyze whether statistics are gathered at the end
 * @param connections on which rows are loaded
 * @param secluded whether what cannot be kept from reaching out is left out: event triggers of
 *     servers that cannot switch them off, rows of views of foreign tables
 */
public record DatabaseChoices(
    Optional<String> database,
    Optional<String> name,
    boolean existing,
    Parts parts,
    SortedSet<String> schemas,
    boolean globals,
    Optional<String> owner,
    boolean staging,
    boolean analyze,
    int connections,
    boolean secluded) {

  /** What of a database is brought back. */
  public enum Parts {
    ALL,
    DEFINITIONS,
    ROWS
  }

  /** The whole of the only database. */
  public static final DatabaseChoices DEFAULT =
      new DatabaseChoices(
          Optional.empty(),
          Optional.empty(),
          false,
          Parts.ALL,
          new TreeSet<>(),
          false,
          Optional.empty(),
          false,
          true,
          2,
          false);

  public DatabaseChoices {
    schemas = Collections.unmodifiableSortedSet(new TreeSet<>(schemas));
  }

  public DatabaseChoices database(String other) {
    return new DatabaseChoices(
        Optional.of(other),
        name,
        existing,
        parts,
        schemas,
        globals,
        owner,
        staging,
        analyze,
        connections,
        secluded);
  }

  public DatabaseChoices name(String other) {
    return new DatabaseChoices(
        database,
        Optional.of(other),
        existing,
        parts,
        schemas,
        globals,
        owner,
        staging,
        analyze,
        connections,
        secluded);
  }

  public DatabaseChoices intoExisting() {
    return new DatabaseChoices(
        database,
        name,
        true,
        parts,
        schemas,
        globals,
        owner,
        staging,
        analyze,
        connections,
        secluded);
  }

  public DatabaseChoices parts(Parts other) {
    return new DatabaseChoices(
        database,
        name,
        existing || other == Parts.ROWS,
        other,
        schemas,
        globals,
        owner,
        staging,
        analyze,
        connections,
        secluded);
  }

  public DatabaseChoices schemas(List<String> more) {
    SortedSet<String> joined = new TreeSet<>(schemas);
    joined.addAll(more);
    return new DatabaseChoices(
        database,
        name,
        existing,
        parts,
        joined,
        globals,
        owner,
        staging,
        analyze,
        connections,
        secluded);
  }

  public DatabaseChoices withGlobals() {
    return new DatabaseChoices(
        database,
        name,
        existing,
        parts,
        schemas,
        true,
        owner,
        staging,
        analyze,
        connections,
        secluded);
  }

  public DatabaseChoices owner(String other) {
    return new DatabaseChoices(
        database,
        name,
        existing,
        parts,
        schemas,
        globals,
        Optional.of(other),
        staging,
        analyze,
        connections,
        secluded);
  }

  public DatabaseChoices forStaging() {
    return new DatabaseChoices(
        database,
        name,
        existing,
        parts,
        schemas,
        globals,
        owner,
        true,
        analyze,
        connections,
        secluded);
  }

  public DatabaseChoices analyze(boolean other) {
    return new DatabaseChoices(
        database,
        name,
        existing,
        parts,
        schemas,
        globals,
        owner,
        staging,
        other,
        connections,
        secluded);
  }

  public DatabaseChoices connections(int most) {
    return new DatabaseChoices(
        database, name, existing, parts, schemas, globals, owner, staging, analyze, most, secluded);
  }

  public DatabaseChoices forSeclusion() {
    return new DatabaseChoices(
        database,
        name,
        existing,
        parts,
        schemas,
        globals,
        owner,
        staging,
        analyze,
        connections,
        true);
  }

  /** The same without a choice of schemas. */
  DatabaseChoices allSchemas() {
    return new DatabaseChoices(
        database,
        name,
        existing,
        parts,
        new TreeSet<>(),
        globals,
        owner,
        staging,
        analyze,
        connections,
        secluded);
  }

  /** Whether a schema is wanted. */
  boolean wants(String schema) {
    return schemas.isEmpty() || schemas.contains(schema);
  }
}
