package dev.copperplate.backup.postgres.replication;

import java.util.OptionalInt;

/**
 * How the server takes a base backup.
 *
 * @param label what its {@code backup_label} says
 * @param fast whether it writes its checkpoint at once, or spreads it to spare its disks
 * @param kilobytesPerSecond how fast it may send; 32 to 1048576, empty for no limit
 * @param incremental whether it sends only what changed since the backup whose manifest it was
 *     given
 * @see <a
 *     href="https://www.postgresql.org/docs/17/protocol-replication.html#PROTOCOL-REPLICATION-BASE-BACKUP">PostgreSQL,
 *     "BASE_BACKUP"</a>
 */
public record BaseBackupOptions(
    String label, boolean fast, OptionalInt kilobytesPerSecond, boolean incremental) {

  String command() {
    StringBuilder command = new StringBuilder("BASE_BACKUP (LABEL ");
    command.append('\'').append(label.replace("'", "''")).append('\'');
    command.append(", CHECKPOINT '").append(fast ? "fast" : "spread").append('\'');
    // Nothing here archives; the WAL is streamed.
    command.append(", WAIT false, MANIFEST 'yes'");
    kilobytesPerSecond.ifPresent(rate -> command.append(", MAX_RATE ").append(rate));
    if (incremental) {
      command.append(", INCREMENTAL");
    }
    return command.append(')').toString();
  }
}
