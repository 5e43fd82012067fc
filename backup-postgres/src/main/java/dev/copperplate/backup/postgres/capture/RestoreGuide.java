package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.replication.BaseBackup.Tablespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** Writes {@code /.backup/RESTORE.md}: how the cluster comes back with stock tools alone. */
final class RestoreGuide {

  private static final EntryPath PATH = EntryPath.of(".backup/RESTORE.md");

  private static final String BEGINNING =
      """
      # Bringing back the PostgreSQL cluster %1$s

      With restic and the binaries of PostgreSQL %2$d, nothing else. Say once where things are:

      ```sh
      export RESTIC_REPOSITORY=...        # where this snapshot comes from
      export RESTIC_PASSWORD_FILE=...
      work=/var/tmp/restored              # an empty place with room for the cluster
      bin=/usr/lib/postgresql/%2$d/bin
      ```

      """;

  private static final String FULL =
      """
      ## The data directory

      ```sh
      restic restore latest --tag run=%1$s --include /cluster --target "$work"
      mv "$work/cluster" "$work/data"
      ```

      """;

  private static final String CHAIN =
      """
      ## The data directory

      This is an incremental; its chain is combined.

      ```sh
      %1$s"$bin/pg_combinebackup" %2$s -o "$work/data"
      ```

      """;

  private static final String LINK =
      """
      restic restore latest --tag run=%1$s --include /cluster --target "$work/%2$d"
      """;

  private static final String CHECK =
      """
      ```sh
      chmod 700 "$work/data"
      "$bin/pg_verifybackup" -n "$work/data"
      ```

      """;

  private static final String TABLESPACES =
      """
      ## Tablespaces

      Each is a directory in `pg_tblspc` that bears its number; `/.backup/manifest.json` has its old place, as
      `tablespace.NUMBER`. Before the first start either let the server take them there, for as long as they stay:

      ```sh
      echo "allow_in_place_tablespaces = 'on'" >> "$work/data/postgresql.auto.conf"
      ```

      or move them to where they are to be, and leave a link behind:

      ```sh
      %1$s```

      """;

  private static final String MOVE =
      """
      mv "$work/data/pg_tblspc/%1$s" "$work/tablespace-%1$s"
      ln -s "$work/tablespace-%1$s" "$work/data/pg_tblspc/%1$s"
      """;

  private static final String END =
      """
      ## To the end of the backup

      As the user that is to own the server, and with what `postgresql.conf` says of addresses, archiving and preloaded
      libraries made fit for this machine. If it sets `data_directory`, take that out: the server would start there.

      ```sh
      "$bin/pg_ctl" -D "$work/data" -w start
      ```

      ## To a point in time

      All WAL that is kept, in one directory:

      ```sh
      for snapshot in $(restic snapshots --path %1$s --json | grep -o '"short_id":"[0-9a-f]*"' | cut -d'"' -f4); do
        restic restore "$snapshot" --include /wal --target "$work"
      done
      cat >> "$work/data/postgresql.auto.conf" <<EOF
      restore_command = 'cp "$work"/wal/*/%%f "%%p" || cp "$work"/wal/%%f "%%p" || cp "$work"/wal/*/%%f.partial "%%p"'
      recovery_target_time = '2026-01-31 12:00:00+00'
      recovery_target_action = 'promote'
      EOF
      touch "$work/data/recovery.signal"
      "$bin/pg_ctl" -D "$work/data" -w start
      ```
      """;

  private RestoreGuide() {}

  static void write(
      SnapshotWriter writer,
      String name,
      CaptureContext context,
      Basis basis,
      int version,
      List<Tablespace> tablespaces)
      throws IOException {
    StringBuilder guide = new StringBuilder(filled(BEGINNING, name, version / 10_000));
    guide.append(
        basis instanceof Parent parent
            ? chain(runs(context, parent.snapshot()))
            : filled(FULL, context.run()));
    guide.append(CHECK);
    guide.append(places(tablespaces));
    guide.append(filled(END, quoted("/postgres-wal/" + name)));
    try (EntryOutput out = writer.file(PATH, Attributes.PLAIN)) {
      out.write(guide.toString().getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }

  private static String places(List<Tablespace> tablespaces) {
    StringBuilder moves = new StringBuilder();
    tablespaces.forEach(each -> moves.append(filled(MOVE, each.oid())));
    return tablespaces.isEmpty() ? "" : filled(TABLESPACES, moves);
  }

  private static String filled(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /** As one word for a shell. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static String chain(List<RunId> runs) {
    StringBuilder restores = new StringBuilder();
    StringBuilder directories = new StringBuilder();
    for (int i = 0; i < runs.size(); i++) {
      restores.append(filled(LINK, runs.get(i), i + 1));
      directories.append(i == 0 ? "" : " ").append("\"$work/").append(i + 1).append("/cluster\"");
    }
    return filled(CHAIN, restores, directories);
  }

  /** The runs of the chain, its full first, this one last. */
  private static List<RunId> runs(CaptureContext context, Snapshot parent) throws IOException {
    Deque<RunId> runs = new ArrayDeque<>(List.of(context.run()));
    for (Snapshot link = parent; link != null; ) {
      runs.addFirst(link.run());
      link =
          link.dependencies().isEmpty()
              ? null
              : context.snapshots().list(SnapshotFilter.of(link.dependencies().get(0))).stream()
                  .findFirst()
                  .orElse(null);
    }
    return new ArrayList<>(runs);
  }
}
