package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.SnapshotWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Writes {@code /.backup/RESTORE.md}: how databases come back with stock tools alone. */
final class LogicalGuide {

  private static final String BEGINNING =
      """
      # Bringing back the PostgreSQL databases of %1$s

      With restic and psql, of the version of the server that is restored to or newer. Say once where things are; psql
      finds its server by the usual variables, and its role must be a superuser there:

      ```sh
      export RESTIC_REPOSITORY=...        # where this snapshot comes from
      export RESTIC_PASSWORD_FILE=...
      export PGHOST=... PGPORT=... PGUSER=postgres
      work=/var/tmp/restored              # an empty place with room for the rows
      ```

      ## The files

      ```sh
      restic restore latest --tag run=%2$s --target "$work"
      run() { psql -X -q -o /dev/null -v ON_ERROR_STOP=1 "$@"; }
      ```

      """;

  private static final String GLOBALS =
      """
      ## Roles and tablespaces

      What the cluster has already, the role `postgres` for one, is refused and stays as it is.

      ```sh
      PGDATABASE=postgres psql -X -q -o /dev/null -f "$work/globals.sql"
      ```

      """;

  private static final String DATABASE =
      """
      ## Database %1$s

      ```sh
      PGDATABASE=postgres run -f "$work"%2$s/00-database.sql
      export PGDATABASE=%3$s
      run -f "$work"%2$s/10-pre-data.sql
      find "$work"%2$s -mindepth 3 -type f -print0 |
        xargs -0 -r -n 1 psql -X -q -o /dev/null -v ON_ERROR_STOP=1 -f
      run -f "$work"%2$s/30-sequences.sql
      run -f "$work"%2$s/40-post-data.sql
      ```

      """;

  private static final String ROWS =
      """
      ## Rows of database %1$s

      The snapshot holds no definitions: the tables must be there, and empty. Triggers and foreign keys are passed over.

      ```sh
      export PGDATABASE=%3$s PGOPTIONS='-c session_replication_role=replica'
      find "$work"%2$s -mindepth 3 -type f -print0 |
        xargs -0 -r -n 1 psql -X -q -o /dev/null -v ON_ERROR_STOP=1 -f
      run -f "$work"%2$s/30-sequences.sql
      ```

      """;

  private static final String END =
      """
      ## One table

      Its rows are in `20-data/SCHEMA/TABLE.sql`, or, where it is large, in the files of a directory of that name:
      each is run alone. `.backup/tables.jsonl` has a line for each table, with its columns, constraints and indexes.
      """;

  private LogicalGuide() {}

  static void write(
      SnapshotWriter writer, String name, RunId run, List<String> databases, boolean definitions)
      throws IOException {
    StringBuilder guide = new StringBuilder(filled(BEGINNING, name, run));
    guide.append(definitions ? GLOBALS : "");
    for (String each : databases) {
      String path = quoted(LogicalLayout.database(each).toString());
      guide.append(filled(definitions ? DATABASE : ROWS, title(each), path, quoted(each)));
    }
    guide.append(END);
    try (EntryOutput out = writer.file(LogicalLayout.GUIDE, Attributes.PLAIN)) {
      out.write(guide.toString().getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
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
