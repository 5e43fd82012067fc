package dev.copperplate.backup.postgres.archive;

import java.util.Locale;

/** What stands in {@code RESTORE.md} of a commit. */
final class WalGuide {

  private WalGuide() {}

  static String text(WalFacts facts) {
    return String.format(
        Locale.ROOT,
        """
        # WAL of a PostgreSQL server

        The write-ahead log of system %s (server version %d) from %s to %s, as files of the server's own
        format. It brings a base backup forward; alone it restores nothing.

        1. Restore a base backup (source type `postgres`) and do not start the server yet.
        2. Restore the WAL of each `postgres-wal` snapshot that overlaps the time from that backup to the
           wanted one, oldest first, into one directory:

               restic restore SNAPSHOT:/wal --target /recovery/wal

        3. Lay the files side by side: whole segments first, partial ones only where there is no whole one.

               mkdir /recovery/archive
               cp /recovery/wal/*.history /recovery/archive/ 2>/dev/null
               cp /recovery/wal/????????/* /recovery/archive/

        4. In `postgresql.auto.conf` of the base backup:

               restore_command = 'cp /recovery/archive/%%f "%%p" || cp /recovery/archive/%%f.partial "%%p"'
               recovery_target_timeline = 'latest'

           and, to stop before a mistake, `recovery_target_time = '2026-01-31 12:00:00+00'`.
        5. `touch recovery.signal` in the data directory, and start the server.

        A segment that ends in `.partial` was not full yet; what is not there of it is zeros.
        """,
        facts.system(),
        facts.version(),
        facts.start(),
        facts.end());
  }
}
