package dev.copperplate.backup.retention;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Keeps the heads of all lineages. */
record Unreplaced() implements RetentionPolicy {

  private static final Set<String> CLASSES = Set.of("unreplaced");
  private static final List<String> REASONS = List.of("no other snapshot replaces it");

  @Override
  public List<Decision> decide(List<Snapshot> snapshots, Instant now) {
    Set<RunId> replaced = new Lineages(snapshots).replaced();
    return snapshots.stream()
        .map(
            each ->
                replaced.contains(each.run())
                    ? new Decision(each, false, List.of(), Set.of())
                    : new Decision(each, true, REASONS, CLASSES))
        .toList();
  }
}
