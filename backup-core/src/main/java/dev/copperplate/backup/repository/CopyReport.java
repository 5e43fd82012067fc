package dev.copperplate.backup.repository;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import java.util.List;

/**
 * What was copied.
 *
 * @param copied the snapshots, as they are in the replica, those on which others depend first
 * @param present how many of the wanted ones the replica had already
 * @param blobs pieces of files and directories that the replica did not have
 * @param bytes what they take there
 * @param findings what could not be copied, and other things worth a word
 */
public record CopyReport(
    List<Snapshot> copied, long present, long blobs, long bytes, List<Finding> findings) {

  public CopyReport {
    copied = List.copyOf(copied);
    findings = List.copyOf(findings);
  }
}
