package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.EntryNames;
import dev.copperplate.backup.EntryPath;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where what lies in a logical snapshot. Names of databases, schemas and tables follow {@link
 * EntryNames}; those of tables with {@code .sql} behind, a large table's directory too, so that no
 * two tables meet.
 */
public final class LogicalLayout {

  public static final EntryPath GLOBALS = EntryPath.of("globals.sql");
  public static final EntryPath TABLES = EntryPath.of(".backup/tables.jsonl");
  static final EntryPath GUIDE = EntryPath.of(".backup/RESTORE.md");

  /** Below a database. */
  public static final String DATABASE_FILE = "00-database.sql";

  public static final String PRE_DATA_FILE = "10-pre-data.sql";
  public static final String DATA = "20-data";
  public static final String SEQUENCES_FILE = "30-sequences.sql";
  public static final String POST_DATA_FILE = "40-post-data.sql";

  /** The directory of all databases. */
  public static final EntryPath DATABASES = EntryPath.of("databases");

  private static final String SUFFIX = ".sql";

  private LogicalLayout() {}

  /** The directory of a database. */
  public static EntryPath database(String database) {
    return below(DATABASES, database);
  }

  /** The file of a table's rows, or the directory of its files. */
  static EntryPath table(String database, String schema, String table) {
    return below(below(database(database).child(DATA), schema), table + SUFFIX);
  }

  /** One of the files of a large table. */
  static EntryPath part(EntryPath table, int number) {
    return table.child(String.format(Locale.ROOT, "%04d%s", number, SUFFIX));
  }

  private static EntryPath below(EntryPath parent, String name) {
    return EntryNames.resolve(parent, name.getBytes(StandardCharsets.UTF_8));
  }
}
