package dev.copperplate.backup.repository;

import dev.copperplate.backup.RestorePlan;
import java.util.Optional;

/**
 * How one restore is made.
 *
 * @param confirmed the plan that a person saw: what it destroys may be destroyed
 */
public record RestoreOptions(Optional<RestorePlan> confirmed) {

  /** Nothing that exists may be lost. */
  public static final RestoreOptions DEFAULT = new RestoreOptions(Optional.empty());

  public RestoreOptions confirmed(RestorePlan plan) {
    return new RestoreOptions(Optional.of(plan));
  }
}
