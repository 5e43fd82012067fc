package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.SourceId;
import java.util.List;
import java.util.Locale;

/**
 * The commands that make everything again with restic and psql alone, for people without this
 * library. The same each time that the same is there.
 */
final class Guide {

  private static final String BEGINNING =
      """
      # Slots, publications and subscriptions of %1$s

      They are made in a server whose databases and tables are there already, with `wal_level = logical` where there
      are logical slots.

      **A slot that is made again begins now.** Its consumer never sees what was committed between its last position
      and this moment: `slots.jsonl` has that position (`confirmedFlushLsn`), and
      `SELECT slot_name, confirmed_flush_lsn FROM pg_replication_slots` has the new one. If rows may have changed in
      between, let the consumer read its tables anew.

      ## Where

      ```sh
      export RESTIC_REPOSITORY=/path/to/repository RESTIC_PASSWORD_FILE=/path/to/password
      export PGHOST=host PGPORT=5432 PGUSER=postgres
      work=/path/to/an/empty/place
      ```

      ## The files

      Choose the snapshot from `restic snapshots`; the newest one is taken here.

      ```sh
      restic restore latest --path %2$s --target "$work"
      run() { psql -X -q -o /dev/null -v ON_ERROR_STOP=1 "$@"; }
      ```

      """;

  private static final String PHYSICAL =
      """
      ## Physical slots

      ```sh
      PGDATABASE=postgres run -f "$work"/physical-slots.sql
      ```

      """;

  private static final String DATABASE =
      """
      ## Database %1$s

      Publications, logical slots, and subscriptions, which stay disabled. Creating a slot waits for the transactions
      that are at work.

      ```sh
      PGDATABASE=%3$s run -f "$work"%2$s
      ```

      """;

  private static final String END =
      """
      ## Subscriptions

      No secret is stored. Where a connection string had one, `PUT_THE_PASSWORD_HERE` stands in the subscription: set it
      with `ALTER SUBSCRIPTION … CONNECTION '…'`, look whether its slot is on the other server, then
      `ALTER SUBSCRIPTION … ENABLE` and `ALTER SUBSCRIPTION … REFRESH PUBLICATION`. In a copy beside the living server leave them
      disabled: they would take the changes that are meant for the original.
      """;

  private Guide() {}

  static String text(SourceId source, List<String> databases, boolean physical) {
    StringBuilder guide =
        new StringBuilder(
            filled(
                BEGINNING,
                title(source.name()),
                quoted("/" + source.type() + "/" + source.name())));
    guide.append(physical ? PHYSICAL : "");
    for (String each : databases) {
      String path = quoted(Layout.script(each).toString());
      guide.append(filled(DATABASE, title(each), path, quoted(each)));
    }
    return guide.append(END).toString();
  }

  private static String filled(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /** On one line, and without what ends a code block. */
  private static String title(String database) {
    return database.replaceAll("[\\p{Cntrl}`]", " ");
  }

  /** As one word for a shell. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
