package dev.copperplate.backup.repository;

import java.util.Set;

/**
 * Which snapshots are removed only with approvals.
 *
 * @param classes what a snapshot stands for, as decisions name it: {@code weekly}, {@code monthly}
 *     and so on
 * @param approvers how many different people must agree; 0 only without classes
 */
public record ApprovalRule(Set<String> classes, int approvers) {

  /** No approvals are needed. */
  public static final ApprovalRule NONE = new ApprovalRule(Set.of(), 0);

  public ApprovalRule {
    classes = Set.copyOf(classes);
    if (approvers < 0 || approvers == 0 && !classes.isEmpty()) {
      throw new IllegalArgumentException(
          "Protected classes need at least one approver: " + approvers);
    }
  }
}
