package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.EntryNames;
import dev.copperplate.backup.EntryPath;
import java.nio.charset.StandardCharsets;

/** Where what lies in a snapshot of replication objects. */
final class Layout {

  static final EntryPath SLOTS = EntryPath.of("slots.jsonl");
  static final EntryPath PUBLICATIONS = EntryPath.of("publications.jsonl");
  static final EntryPath SUBSCRIPTIONS = EntryPath.of("subscriptions.jsonl");

  /** What psql runs in any database. */
  static final EntryPath PHYSICAL_SLOTS = EntryPath.of("physical-slots.sql");

  static final EntryPath GUIDE = EntryPath.of(".backup/RESTORE.md");

  private static final EntryPath DATABASES = EntryPath.of("databases");

  private Layout() {}

  /** What psql runs in a database; its name follows {@link EntryNames}. */
  static EntryPath script(String database) {
    return EntryNames.resolve(DATABASES, (database + ".sql").getBytes(StandardCharsets.UTF_8));
  }
}
