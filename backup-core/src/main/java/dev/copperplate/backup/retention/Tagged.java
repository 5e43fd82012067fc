package dev.copperplate.backup.retention;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.read.SnapshotFacts;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps what carries all of these tags.
 *
 * @param tags the user's own
 */
record Tagged(Set<String> tags) implements RetentionPolicy {

  Tagged {
    tags = Set.copyOf(tags);
    if (tags.isEmpty()) {
      throw new IllegalArgumentException("No tag says which snapshots to keep");
    }
    for (String tag : tags) {
      if (tag.isBlank()) {
        throw new IllegalArgumentException("Not a tag: '" + tag + "'");
      }
      if (SnapshotFacts.isOurs(tag)) {
        throw new IllegalArgumentException("A tag that the library itself uses: '" + tag + "'");
      }
    }
  }

  @Override
  public List<Decision> decide(List<Snapshot> snapshots, Instant now) {
    List<String> reason = List.of("tagged " + String.join(", ", new TreeSet<>(tags)));
    return snapshots.stream().map(each -> decide(each, reason)).toList();
  }

  private Decision decide(Snapshot snapshot, List<String> reason) {
    return snapshot.tags().containsAll(tags)
        ? new Decision(snapshot, true, reason, Set.of("tagged"))
        : new Decision(snapshot, false, List.of(), Set.of());
  }
}
