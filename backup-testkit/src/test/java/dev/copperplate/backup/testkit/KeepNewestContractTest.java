package dev.copperplate.backup.testkit;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The suite with the smallest policy that it passes. */
class KeepNewestContractTest extends RetentionPolicyContract {

  @Override
  protected RetentionPolicy policy() {
    return (snapshots, now) -> {
      List<Decision> decisions = new ArrayList<>();
      for (Snapshot each : snapshots) {
        boolean newest = decisions.isEmpty();
        decisions.add(new Decision(each, newest, newest ? List.of("newest") : List.of(), Set.of()));
      }
      return decisions;
    };
  }
}
