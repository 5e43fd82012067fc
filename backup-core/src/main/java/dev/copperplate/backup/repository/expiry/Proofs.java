package dev.copperplate.backup.repository.expiry;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far snapshots are proved together with all that they depend on: as far as the weakest of
 * them. Asks for the proof of each content once, and only where somebody wants to know.
 */
public final class Proofs {

  /** Finds how far one content is proved, whatever it depends on. */
  @FunctionalInterface
  public interface Lookup {
    Optional<Proof> of(ContentId content) throws IOException;
  }

  private final Dependencies dependencies;
  private final Lookup lookup;
  private final Map<ContentId, Optional<Proof>> known = new HashMap<>();

  public Proofs(Dependencies dependencies, Lookup lookup) {
    this.dependencies = dependencies;
    this.lookup = lookup;
  }

  /** How far a snapshot can be relied on; empty if it, or anything that it needs, is not proved. */
  public Optional<Proof> of(Snapshot snapshot) throws IOException {
    Optional<Proof> weakest = own(snapshot);
    if (weakest.isEmpty()) {
      return weakest;
    }
    for (RunId run : dependencies.closure(List.of(snapshot))) {
      Optional<Proof> proof = best(dependencies.of(run));
      if (proof.isEmpty()) {
        return proof;
      }
      if (proof.get().compareTo(weakest.get()) < 0) {
        weakest = proof;
      }
    }
    return weakest;
  }

  private Optional<Proof> best(List<Snapshot> sameRun) throws IOException {
    Optional<Proof> best = Optional.empty();
    for (Snapshot each : sameRun) {
      Optional<Proof> proof = own(each);
      if (best.isEmpty() || proof.isPresent() && proof.get().compareTo(best.get()) > 0) {
        best = proof;
      }
    }
    return best;
  }

  private Optional<Proof> own(Snapshot snapshot) throws IOException {
    if (snapshot.state() == SnapshotState.DAMAGED) {
      return Optional.empty();
    }
    Optional<Proof> proof = known.get(snapshot.content());
    if (proof == null) {
      proof = lookup.of(snapshot.content());
      known.put(snapshot.content(), proof);
    }
    return proof;
  }
}
