package dev.copperplate.backup.repository;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a policy, and the protections of the repository, say of its snapshots: which would be
 * removed, and why each other stays. Only a repository makes one. Immutable; it changes nothing by
 * itself.
 */
public final class RetentionPlan {

  private final String repository;
  private final SnapshotFilter filter;
  private final RetentionPolicy policy;
  private final Set<RetentionQuestion> answered;
  private final Instant at;
  private final List<Decision> decisions;
  private final List<Snapshot> needApproval;
  private final List<RetentionQuestion> questions;

  RetentionPlan(
      String repository,
      SnapshotFilter filter,
      RetentionPolicy policy,
      Set<RetentionQuestion> answered,
      Instant at,
      List<Decision> decisions,
      List<Snapshot> needApproval,
      List<RetentionQuestion> questions) {
    this.repository = repository;
    this.filter = filter;
    this.policy = policy;
    this.answered = Set.copyOf(answered);
    this.at = at;
    this.decisions = List.copyOf(decisions);
    this.needApproval = List.copyOf(needApproval);
    this.questions = List.copyOf(questions);
  }

  /** Every snapshot that the plan is about, newest first, with all reasons. */
  public List<Decision> decisions() {
    return decisions;
  }

  /** What would be removed. */
  public List<Snapshot> removed() {
    return decisions.stream().filter(each -> !each.keep()).map(Decision::snapshot).toList();
  }

  /** What stays only because approvals are missing. */
  public List<Snapshot> needApproval() {
    return needApproval;
  }

  /** What a person has to look at: until then everything of those sources stays. */
  public List<RetentionQuestion> questions() {
    return questions;
  }

  /** When it was made. */
  public Instant at() {
    return at;
  }

  String repository() {
    return repository;
  }

  SnapshotFilter filter() {
    return filter;
  }

  RetentionPolicy policy() {
    return policy;
  }

  Set<RetentionQuestion> answered() {
    return answered;
  }
}
