package dev.copperplate.backup;

import java.util.Optional;
import java.util.Set;

/**
 * Chooses snapshots. Empty fields do not restrict; the others must all hold.
 *
 * @param source of this source
 * @param run of this run
 * @param tags with each of these user's tags
 * @param states in one of these states
 * @param proof proved at least so far
 */
public record SnapshotFilter(
    Optional<SourceId> source,
    Optional<RunId> run,
    Set<String> tags,
    Set<SnapshotState> states,
    Optional<Proof> proof) {

  /** Lets every snapshot through. */
  public static final SnapshotFilter ALL =
      new SnapshotFilter(Optional.empty(), Optional.empty(), Set.of(), Set.of(), Optional.empty());

  public SnapshotFilter {
    tags = Set.copyOf(tags);
    states = Set.copyOf(states);
  }

  /** The snapshots of one source. */
  public static SnapshotFilter of(SourceId source) {
    return new SnapshotFilter(
        Optional.of(source), Optional.empty(), Set.of(), Set.of(), Optional.empty());
  }

  /** The snapshot of one run; several after stock restic rewrote it. */
  public static SnapshotFilter of(RunId run) {
    return new SnapshotFilter(
        Optional.empty(), Optional.of(run), Set.of(), Set.of(), Optional.empty());
  }

  /** These snapshots, if they carry each of the tags. */
  public SnapshotFilter tagged(Set<String> all) {
    return new SnapshotFilter(source, run, all, states, proof);
  }

  /** These snapshots, if they are proved at least so far. */
  public SnapshotFilter proved(Proof atLeast) {
    return new SnapshotFilter(source, run, tags, states, Optional.of(atLeast));
  }
}
