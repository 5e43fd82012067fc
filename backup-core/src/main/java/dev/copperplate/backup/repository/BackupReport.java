package dev.copperplate.backup.repository;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import java.time.Duration;
import java.util.List;

/**
 * What a backup did.
 *
 * @param snapshot the snapshot, stored and findable
 * @param findings what went wrong with parts; the first thousand, and a last one that counts the
 *     others
 * @param filesNew files that the previous snapshot did not have
 * @param filesChanged files that differ from it
 * @param filesUnmodified files that are the same
 * @param dataBlobs pieces of files that the repository did not have
 * @param bytesAdded bytes that the repository did not have, directories included
 * @param bytesStored what they take there, compressed and sealed
 * @param took from start to end
 */
public record BackupReport(
    Snapshot snapshot,
    List<Finding> findings,
    long filesNew,
    long filesChanged,
    long filesUnmodified,
    long dataBlobs,
    long bytesAdded,
    long bytesStored,
    Duration took) {

  public BackupReport {
    findings = List.copyOf(findings);
  }
}
