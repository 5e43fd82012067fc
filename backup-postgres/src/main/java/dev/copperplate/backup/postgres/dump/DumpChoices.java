package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How logical snapshots are taken. Immutable: what is chosen is chosen in a copy. */
public final class DumpChoices {

  /** A quarter of a gibibyte of pages of eight kibibytes. */
  private static final int PAGES = 32_768;

  public static final DumpChoices DEFAULT = new DumpChoices();

  private List<String> databases = List.of();
  private boolean all;
  private List<TablePattern> include = List.of();
  private List<TablePattern> exclude = List.of();
  private boolean definitions = true;
  private boolean alone;
  private boolean rolePasswords;
  private @Nullable Path tools;
  private @Nullable DataSource pool;
  private int connections = 2;
  private Duration lockTimeout = Duration.ofMinutes(5);
  private int pagesPerFile = PAGES;

  private DumpChoices() {}

  private DumpChoices with(Consumer<DumpChoices> change) {
    DumpChoices copy = new DumpChoices();
    copy.databases = databases;
    copy.all = all;
    copy.include = include;
    copy.exclude = exclude;
    copy.definitions = definitions;
    copy.alone = alone;
    copy.rolePasswords = rolePasswords;
    copy.tools = tools;
    copy.pool = pool;
    copy.connections = connections;
    copy.lockTimeout = lockTimeout;
    copy.pagesPerFile = pagesPerFile;
    change.accept(copy);
    return copy;
  }

  /** By name; none means that of the server's address. */
  public List<String> databases() {
    return databases;
  }

  /** Whether every database that the role may connect to. */
  public boolean all() {
    return all;
  }

  /** Whose rows are captured; none means all. */
  public List<TablePattern> include() {
    return include;
  }

  /** Whose rows are not. */
  public List<TablePattern> exclude() {
    return exclude;
  }

  /** Whether pg_dump writes them. */
  public boolean definitions() {
    return definitions;
  }

  /** Whether nothing but the wanted tables and their own sequences is looked at. */
  boolean alone() {
    return alone;
  }

  /** Whether the globals hold their hashes. */
  public boolean rolePasswords() {
    return rolePasswords;
  }

  /** Where pg_dump is; null where it is found. */
  public @Nullable Path tools() {
    return tools;
  }

  /** Gives the connections for rows; null if they are opened. */
  public @Nullable DataSource pool() {
    return pool;
  }

  /** For rows, at most. */
  public int connections() {
    return connections;
  }

  /** How long the lock of a table is waited for. */
  public Duration lockTimeout() {
    return lockTimeout;
  }

  /** How many pages of a table one file holds at most. */
  public int pagesPerFile() {
    return pagesPerFile;
  }

  public DumpChoices databases(List<String> names) {
    return with(copy -> copy.databases = List.copyOf(names));
  }

  public DumpChoices allDatabases() {
    return with(copy -> copy.all = true);
  }

  public DumpChoices include(List<TablePattern> patterns) {
    return with(copy -> copy.include = List.copyOf(patterns));
  }

  public DumpChoices exclude(List<TablePattern> patterns) {
    return with(copy -> copy.exclude = List.copyOf(patterns));
  }

  public DumpChoices dataOnly() {
    return with(copy -> copy.definitions = false);
  }

  /** The same, without large objects, and without locking or describing any other table. */
  public DumpChoices tablesAlone() {
    return with(
        copy -> {
          copy.definitions = false;
          copy.alone = true;
        });
  }

  public DumpChoices withRolePasswords() {
    return with(copy -> copy.rolePasswords = true);
  }

  public DumpChoices tools(Path directory) {
    return with(copy -> copy.tools = directory);
  }

  public DumpChoices through(DataSource given) {
    return with(copy -> copy.pool = given);
  }

  public DumpChoices connections(int most) {
    return with(copy -> copy.connections = most);
  }

  public DumpChoices lockTimeout(Duration limit) {
    return with(copy -> copy.lockTimeout = limit);
  }

  public DumpChoices pagesPerFile(int pages) {
    return with(copy -> copy.pagesPerFile = pages);
  }

  /** Those that were made, in words, each behind a comma. */
  @Override
  public String toString() {
    StringBuilder words = new StringBuilder();
    say(words, all, "all databases");
    say(words, !databases.isEmpty(), "databases " + SqlText.names(databases));
    say(words, !include.isEmpty(), "rows of " + include);
    say(words, !exclude.isEmpty(), "no rows of " + exclude);
    say(words, !definitions, "without definitions");
    say(words, rolePasswords, "with role passwords");
    say(words, tools != null, "tools of " + tools);
    say(words, pool != null, "through a pool");
    say(words, connections != DEFAULT.connections, connections + " connections");
    say(words, !lockTimeout.equals(DEFAULT.lockTimeout), "locks within " + lockTimeout);
    return words.toString();
  }

  private static void say(StringBuilder words, boolean chosen, String choice) {
    if (chosen) {
      words.append(", ").append(choice);
    }
  }

  /** Whether the rows of a table are captured. */
  boolean wants(String schema, String table) {
    return (include.isEmpty() || include.stream().anyMatch(each -> each.matches(schema, table)))
        && exclude.stream().noneMatch(each -> each.matches(schema, table));
  }
}
