package dev.copperplate.backup.s3;

import java.time.Instant;
import java.util.List;

/**
 * What a recovery would do, for a person to read.
 *
 * @param since the time whose state comes back
 * @param steps one for each object that is not as it was
 * @param lost what cannot be brought back, each with the reason
 */
public record RecoveryPlan(Instant since, List<RecoveryStep> steps, List<String> lost) {

  public RecoveryPlan {
    steps = List.copyOf(steps);
    lost = List.copyOf(lost);
  }
}
