package dev.copperplate.backup.repository;

import dev.copperplate.backup.Finding;
import java.util.List;

/**
 * What a prune did; in a dry run, what it would do.
 *
 * @param complete whether everything was removed that was to be; if not, the findings say why, and
 *     the next prune goes on from there
 * @param packsRemoved packs that are gone
 * @param packsRepacked packs of which a part was needed, and was stored anew
 * @param bytesFreed what the removed packs took
 * @param bytesRepacked what was stored anew
 * @param bytesUnused what stays although no snapshot needs it
 * @param bytesRetained what the store did not let go yet
 * @param indexesMerged index files that were replaced by fewer
 * @param findings what is worth a word
 */
public record PruneReport(
    boolean complete,
    long packsRemoved,
    long packsRepacked,
    long bytesFreed,
    long bytesRepacked,
    long bytesUnused,
    long bytesRetained,
    long indexesMerged,
    List<Finding> findings) {

  public PruneReport {
    findings = List.copyOf(findings);
  }
}
