package dev.copperplate.backup.postgres.load;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryNames;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.dump.LogicalFacts;
import dev.copperplate.backup.postgres.dump.LogicalLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The tables of a logical snapshot, read from {@code /.backup/tables.jsonl} line by line, so that
 * memory holds one line, of 32 MiB at most. Thread-safe as the reader is.
 */
public final class StoredTables {

  private final SnapshotReader snapshot;
  private final Entry lines;

  private StoredTables(SnapshotReader snapshot, Entry lines) {
    this.snapshot = snapshot;
    this.lines = lines;
  }

  /**
   * Those of a snapshot, which is not closed.
   *
   * @throws BackupException {@code INVALID} if it is no logical snapshot of PostgreSQL, {@code
   *     DAMAGED} if it does not say which tables it holds
   */
  public static StoredTables of(SnapshotReader snapshot) throws IOException {
    String kind = snapshot.manifest().get(LogicalFacts.KIND).orElse("");
    if (!kind.equals(LogicalFacts.LOGICAL)) {
      throw new BackupException(
          Kind.INVALID,
          "Snapshot " + snapshot.snapshot().run() + " is no logical snapshot of PostgreSQL");
    }
    Entry lines =
        snapshot
            .entry(LogicalLayout.TABLES)
            .filter(each -> each.type() == EntryType.FILE)
            .orElseThrow(
                () ->
                    new BackupException(
                        Kind.DAMAGED,
                        "Snapshot "
                            + snapshot.snapshot().run()
                            + " has no file "
                            + LogicalLayout.TABLES
                            + ". Use another"));
    return new StoredTables(snapshot, lines);
  }

  /** The names of the databases, those without tables included. */
  public List<String> databases() throws IOException {
    List<String> names = new ArrayList<>();
    try (Cursor<Entry> entries = snapshot.walk(LogicalLayout.DATABASES, 1)) {
      for (Entry each = entries.next(); each != null; each = entries.next()) {
        names.add(name(each));
      }
    }
    return names;
  }

  private static String name(Entry directory) throws BackupException {
    try {
      byte[] name = EntryNames.name(LogicalLayout.DATABASES, directory.path());
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (IllegalArgumentException | CharacterCodingException wrong) {
      throw new BackupException(Kind.DAMAGED, directory.path() + " is not named as a database is");
    }
  }

  /** All tables, by database, schema and name; the caller closes the cursor. */
  public Cursor<DumpedTable> read() throws IOException {
    return new TableLines(snapshot.open(lines, ByteRange.ALL));
  }

  /** Those of one database, in memory. */
  public List<DumpedTable> in(String database) throws IOException {
    return all(each -> each.database().equals(database));
  }

  /** One table. */
  public Optional<DumpedTable> find(String database, String schema, String name)
      throws IOException {
    return all(
            each ->
                each.database().equals(database)
                    && each.schema().equals(schema)
                    && each.name().equals(name))
        .stream()
        .findFirst();
  }

  /** Those that are wanted, in memory. */
  public List<DumpedTable> all(Predicate<DumpedTable> wanted) throws IOException {
    List<DumpedTable> found = new ArrayList<>();
    try (Cursor<DumpedTable> tables = read()) {
      for (DumpedTable each = tables.next(); each != null; each = tables.next()) {
        if (wanted.test(each)) {
          found.add(each);
        }
      }
    }
    return found;
  }
}
