package dev.copperplate.backup.repository.expiry;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Snapshot;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A decision in the making: begins with what the policy says, and can only turn towards keeping.
 * Not thread-safe.
 */
public final class Verdict {

  private final Snapshot snapshot;
  private final boolean asked;
  private final Set<String> reasons = new LinkedHashSet<>();
  private final Set<String> classes = new LinkedHashSet<>();
  private boolean kept;
  private boolean needed;

  Verdict(Snapshot snapshot, boolean asked) {
    this.snapshot = snapshot;
    this.asked = asked;
    this.kept = !asked;
  }

  /** Whether the plan is about the snapshot; it stays if not. */
  boolean isAsked() {
    return asked;
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  public boolean isKept() {
    return kept;
  }

  public Set<String> classes() {
    return Set.copyOf(classes);
  }

  /** Takes over what a policy says of the snapshot. */
  public void decide(Decision decision) {
    classes.addAll(decision.classes());
    kept |= decision.keep();
    reasons.addAll(decision.reasons());
  }

  /** Says what the snapshot stands for, besides what the policy says. */
  public void classify(Set<String> standsFor) {
    classes.addAll(standsFor);
  }

  /** Keeps the snapshot, whatever else is said. */
  public void keep(String reason) {
    kept = true;
    reasons.add(reason);
  }

  /** Says something of the snapshot that decides nothing. */
  public void note(String reason) {
    reasons.add(reason);
  }

  /** Keeps the snapshot for another; the first that needs it is named. True if it was not kept. */
  boolean keepFor(Snapshot dependant) {
    if (!needed) {
      needed = true;
      reasons.add("needed by snapshot " + dependant.id().shortHex() + " of " + dependant.source());
    }
    boolean turned = !kept;
    kept = true;
    return turned;
  }

  Decision decision() {
    return new Decision(snapshot, kept, List.copyOf(reasons), classes);
  }
}
