package dev.copperplate.backup;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One finished capture of one source at one time, as the snapshot file and its tags tell it. Never
 * changes.
 *
 * @param id the name of its file
 * @param run its identity
 * @param content the root tree
 * @param source what was captured; for snapshots of other tools, the files at their paths
 * @param environment the label of the environment; restic's host name
 * @param time when the capture started
 * @param state whether it can be relied on, as far as the capture knew
 * @param dependencies the runs without which it is worth nothing
 * @param replaces the run whose data it holds as well
 * @param set the set that it belongs to
 * @param tags the user's own tags
 * @param files how many files it holds; 0 where the tool that wrote it kept no count
 * @param bytes how many bytes they have; 0 likewise
 */
public record Snapshot(
    SnapshotId id,
    RunId run,
    ContentId content,
    SourceId source,
    String environment,
    Instant time,
    SnapshotState state,
    List<RunId> dependencies,
    Optional<RunId> replaces,
    Optional<RunId> set,
    Set<String> tags,
    long files,
    long bytes) {

  public Snapshot {
    dependencies = List.copyOf(dependencies);
    tags = Set.copyOf(tags);
  }
}
