package dev.copperplate.backup.retention;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Keeps what one of several policies keeps.
 *
 * @param policies each asked about all snapshots
 */
record AnyOf(List<RetentionPolicy> policies) implements RetentionPolicy {

  AnyOf {
    policies = List.copyOf(policies);
    if (policies.isEmpty()) {
      throw new IllegalArgumentException("No policy keeps nothing: name at least one");
    }
  }

  @Override
  public List<Decision> decide(List<Snapshot> snapshots, Instant now) {
    List<List<Decision>> answers =
        policies.stream().map(each -> answer(each, snapshots, now)).toList();
    List<Decision> united = new ArrayList<>(snapshots.size());
    for (int i = 0; i < snapshots.size(); i++) {
      united.add(unite(snapshots.get(i), answers, i));
    }
    return united;
  }

  private static List<Decision> answer(
      RetentionPolicy policy, List<Snapshot> snapshots, Instant now) {
    List<Decision> answer = policy.decide(snapshots, now);
    boolean whole = answer.size() == snapshots.size();
    for (int i = 0; whole && i < snapshots.size(); i++) {
      whole = Objects.equals(answer.get(i).snapshot(), snapshots.get(i));
    }
    if (!whole) {
      throw new IllegalStateException(
          "The policy " + policy + " did not decide on every snapshot once and in order");
    }
    return answer;
  }

  private static Decision unite(Snapshot snapshot, List<List<Decision>> answers, int at) {
    boolean keep = false;
    Set<String> classes = new HashSet<>();
    for (List<Decision> each : answers) {
      keep |= each.get(at).keep();
      classes.addAll(each.get(at).classes());
    }
    Set<String> reasons = new LinkedHashSet<>();
    for (List<Decision> each : answers) {
      // Why one of them would have let it go is no reason to keep it.
      if (each.get(at).keep() == keep) {
        reasons.addAll(each.get(at).reasons());
      }
    }
    return new Decision(snapshot, keep, List.copyOf(reasons), classes);
  }
}
