package dev.copperplate.backup.repository;

import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.retention.RetentionPolicies;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;

/**
 * Which snapshots are removed only with approvals, whatever policy is asked: what a snapshot stands
 * for is found out by the repository, not by the policy alone. The newest undamaged snapshot of
 * each hour, day, week, month and year of a source is {@code hourly}, {@code daily}, {@code
 * weekly}, {@code monthly} and {@code yearly}; policies may name further classes.
 *
 * @param classes the protected ones
 * @param approvers how many different people must agree; 0 only without classes
 * @param zone in which days, weeks, months and years begin
 */
public record ApprovalRule(Set<String> classes, int approvers, ZoneId zone) {

  /** No approvals are needed. */
  public static final ApprovalRule NONE = new ApprovalRule(Set.of(), 0, ZoneOffset.UTC);

  public ApprovalRule {
    classes = Set.copyOf(classes);
    if (approvers < 0 || approvers == 0 && !classes.isEmpty()) {
      throw new IllegalArgumentException(
          "Protected classes need at least one approver: " + approvers);
    }
  }

  /** Says what snapshots stand for; what it would keep is of no interest. */
  RetentionPolicy classifier() {
    return RetentionPolicies.any(
        RetentionPolicies.hourly(1, zone),
        RetentionPolicies.daily(1, zone),
        RetentionPolicies.weekly(1, zone),
        RetentionPolicies.monthly(1, zone),
        RetentionPolicies.yearly(1, zone));
  }
}
