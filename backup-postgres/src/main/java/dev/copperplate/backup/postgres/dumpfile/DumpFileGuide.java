package dev.copperplate.backup.postgres.dumpfile;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.SnapshotWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Writes {@code /.backup/RESTORE.md} of an imported dump. */
final class DumpFileGuide {

  private static final EntryPath PATH = EntryPath.of(".backup/RESTORE.md");

  private static final String BEGINNING =
      """
      # Bringing back a dump of %1$s

      With restic and %2$s, of the version of the server that is restored to or newer. Say once where things are; the
      programs find their server by the usual variables:

      ```sh
      export RESTIC_REPOSITORY=...        # where this snapshot comes from
      export RESTIC_PASSWORD_FILE=...
      export PGHOST=... PGPORT=... PGUSER=postgres
      work=/var/tmp/restored              # an empty place with room for the dump
      ```

      ## Everything

      ```sh
      restic restore latest --tag run=%3$s --target "$work"
      ```

      """;

  private static final String PLAIN =
      """
      `restored` is any name that is free:

      ```sh
      database=restored
      PGDATABASE=postgres psql -X -q -c "CREATE DATABASE \\"$database\\" TEMPLATE template0"
      psql -X -q -o /dev/null -v ON_ERROR_STOP=1 -d "$database" -f "$work/dump.sql"
      ```
      """;

  /** What exists already, such as the role of the superuser, is an error that is passed over. */
  private static final String CLUSTER =
      """
      The dump makes its roles and databases; what is there already is refused and stays as it is.

      ```sh
      psql -X -q -o /dev/null -d postgres -f "$work/dump.sql"
      ```
      """;

  private static final String ARCHIVE =
      """
      `restored` is any name that is free:

      ```sh
      database=restored
      PGDATABASE=postgres psql -X -q -c "CREATE DATABASE \\"$database\\" TEMPLATE template0"
      pg_restore --exit-on-error -d "$database" "$work/%1$s"
      ```

      ## A part

      `pg_restore -l "$work/%1$s"` lists what is in it; `-t TABLE` and `-n SCHEMA` choose.
      """;

  private DumpFileGuide() {}

  static void write(
      SnapshotWriter writer, String name, RunId run, DumpFormat format, boolean cluster)
      throws IOException {
    boolean plain = format == DumpFormat.PLAIN;
    String programs = plain ? "psql" : "psql and pg_restore";
    String guide =
        filled(BEGINNING, name, programs, run)
            + (plain ? (cluster ? CLUSTER : filled(PLAIN)) : filled(ARCHIVE, format.entry()));
    try (EntryOutput out = writer.file(PATH, Attributes.PLAIN)) {
      out.write(guide.getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }

  private static String filled(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
