package dev.copperplate.backup.repository;

import dev.copperplate.backup.Finding;
import java.util.List;

/**
 * What a repair did; in a dry run, what it would do.
 *
 * @param objectsHealed damaged or missing objects that are whole again
 * @param blobsHealed pieces of files and directories that were stored again from a replica
 * @param indexesReplaced index files that were made anew from the packs, or removed because others
 *     list what they listed
 * @param findings what could not be repaired, as errors, and what was done
 */
public record RepairReport(
    long objectsHealed, long blobsHealed, long indexesReplaced, List<Finding> findings) {

  public RepairReport {
    findings = List.copyOf(findings);
  }
}
