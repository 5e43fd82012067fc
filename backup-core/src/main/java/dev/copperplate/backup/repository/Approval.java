package dev.copperplate.backup.repository;

import dev.copperplate.backup.RunId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody's agreement that snapshots may be removed, or released from a hold. It is bound to
 * snapshots, not to a plan: tomorrow's plan differs, and the approval still counts until it
 * expires.
 *
 * @param snapshots the runs that may go
 * @param approver who agrees; two approvals of one approver count once
 * @param at when it was given
 * @param expires from when on it no longer counts
 * @param signature over all this, for those who check it; not looked at yet
 */
public record Approval(
    Set<RunId> snapshots,
    String approver,
    Instant at,
    Instant expires,
    Optional<String> signature) {

  public Approval {
    snapshots = Set.copyOf(snapshots);
    if (snapshots.isEmpty()) {
      throw new IllegalArgumentException("An approval names snapshots");
    }
    if (approver.isBlank() || approver.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("An approval needs the name of who gives it");
    }
    if (!expires.isAfter(at)) {
      throw new IllegalArgumentException("An approval of " + at + " cannot expire at " + expires);
    }
  }

  /** Whether it counts at a time. */
  public boolean counts(Instant now) {
    return !now.isBefore(at) && now.isBefore(expires);
  }
}
