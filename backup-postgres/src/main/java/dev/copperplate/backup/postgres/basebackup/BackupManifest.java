package dev.copperplate.backup.postgres.basebackup;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.postgres.Lsn;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * What a {@code backup_manifest} says of the whole; its files are handed to a visitor one by one,
 * so that no more than a line of it is in memory.
 *
 * @param version 1, or 2 since PostgreSQL 17
 * @param systemIdentifier of the cluster, decimal; empty in version 1
 * @param wal without which the base backup is not consistent; several ranges where a timeline ended
 *     meanwhile
 * @see <a href="https://www.postgresql.org/docs/17/backup-manifest-format.html">PostgreSQL, "Backup
 *     Manifest Format"</a>
 */
public record BackupManifest(int version, Optional<String> systemIdentifier, List<Wal> wal) {

  /** The name of the file in the data directory. */
  public static final String NAME = "backup_manifest";

  /**
   * WAL that is needed.
   *
   * @param timeline on which
   * @param start its first byte
   * @param end the byte behind its last
   */
  public record Wal(int timeline, Lsn start, Lsn end) {}

  /** Takes in the files of a manifest. */
  @FunctionalInterface
  public interface Visitor {
    void file(ManifestFile file) throws IOException;
  }

  public BackupManifest {
    wal = List.copyOf(wal);
  }

  /**
   * Reads a manifest and compares it with the sum at its end. What the visitor was given is to be
   * believed when this has returned, and not before.
   *
   * @param json not closed
   * @throws BackupException {@code DAMAGED} if it is none or its sum is wrong, {@code UNSUPPORTED}
   *     if it has a version that is not known
   */
  public static BackupManifest read(InputStream json, Visitor visitor) throws IOException {
    return new ManifestReader(json, visitor).read();
  }
}
