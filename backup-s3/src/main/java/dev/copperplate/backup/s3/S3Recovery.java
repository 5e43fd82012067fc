package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings a repository back as it was before somebody with stolen credentials overwrote, deleted or
 * flooded it. Needs a bucket that kept versions, and works on objects alone: neither the password
 * nor the engine is asked, and afterwards stock tools read the repository too.
 *
 * <pre>{@code
 * S3Recovery recovery = S3Recovery.of(target, Instant.parse("2026-11-20T04:00:00Z"));
 * RecoveryPlan plan = recovery.plan();
 * plan.steps().forEach(System.out::println);
 * recovery.apply(plan);
 * }</pre>
 *
 * <p>What is named by the hash of its content (packs, index files, snapshots and keys) gets the
 * version back that has it, whenever that was written. {@code config} and what lies below {@code
 * copperplate/} get the version back that was current at the time. What was added since below
 * {@code keys/}, {@code snapshots/}, {@code index/}, {@code locks/} and {@code copperplate/} is
 * hidden by a deletion that leaves its versions; honest backups made since are among it, so choose
 * the time with care. Packs that were added are left: nothing refers to them, and prune removes
 * them.
 *
 * <p>Let nobody write meanwhile, and revoke the stolen credentials before. What an attacker hid or
 * replaced is not deleted here: {@link #sweep} does that, as far as the store lets it go.
 */
public final class S3Recovery {

  private final S3Target target;
  private final Instant since;

  private S3Recovery(S3Target target, Instant since) {
    this.target = target;
    this.since = since;
  }

  /**
   * For the state of a time.
   *
   * @param target with the rights of an administrator of the bucket
   * @param time before the attack, by the store's clock, to a second
   */
  public static S3Recovery of(S3Target target, Instant time) {
    return new S3Recovery(target, time);
  }

  /**
   * Looks at every version in the bucket, a thousand with a request, and reads those of objects
   * that have several. Changes nothing. Memory grows with what has to be done.
   *
   * @throws BackupException {@code UNSUPPORTED} if the bucket never kept versions
   */
  public RecoveryPlan plan() throws IOException {
    return new RecoverySurvey(target, since).plan();
  }

  /**
   * Does what a plan says. May be called again after a failure: what is done already stays done.
   *
   * @return what could not be done, each with the reason; empty if all was
   */
  public List<Finding> apply(RecoveryPlan plan) throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (RecoveryStep step : plan.steps()) {
      try {
        apply(step);
      } catch (BackupException e) {
        if (e.kind() != Kind.DENIED && e.kind() != Kind.RETAINED && e.kind() != Kind.NOT_FOUND) {
          throw e;
        }
        findings.add(
            Finding.error(
                step.key().value(), String.valueOf(e.getMessage()), "Do it as an administrator"));
      }
    }
    return findings;
  }

  private void apply(RecoveryStep step) throws IOException {
    switch (step.what()) {
      case HIDE -> target.changes().hide(step.key());
      case REPLACE -> target.changes().makeCurrent(step.key(), step.version());
      case UNHIDE -> {
        if (step.marks().isEmpty()) {
          target.changes().makeCurrent(step.key(), step.version());
        } else {
          target.changes().removeMarks(step.key(), step.marks());
        }
      }
    }
  }

  /**
   * Deletes for good what no listing shows: objects that are hidden, and versions behind current
   * ones, as far as the store does not retain them. Looks again first.
   *
   * @return what the store keeps, each with the reason; at most a thousand of them
   * @throws BackupException {@code NOT_CONFIRMED} if something is not as it was, and would be lost
   */
  public List<Finding> sweep() throws IOException {
    RecoveryPlan plan = plan();
    if (!plan.steps().isEmpty() || !plan.lost().isEmpty()) {
      throw new BackupException(
          Kind.NOT_CONFIRMED,
          "Sweeping "
              + target.description()
              + " refused: "
              + (plan.steps().size() + plan.lost().size())
              + " objects are not as they were at "
              + since
              + ". Recover them first");
    }
    return new RecoverySweep(target).sweep();
  }
}
