package dev.copperplate.backup;

import java.util.List;
import java.util.Set;

/**
 * What a policy says of one snapshot.
 *
 * @param snapshot which
 * @param keep whether it is worth keeping
 * @param reasons why, for a person to read
 * @param classes what it stands for in its period, such as {@code weekly}, also when it is no
 *     longer kept
 */
public record Decision(Snapshot snapshot, boolean keep, List<String> reasons, Set<String> classes) {

  public Decision {
    reasons = List.copyOf(reasons);
    classes = Set.copyOf(classes);
  }
}
