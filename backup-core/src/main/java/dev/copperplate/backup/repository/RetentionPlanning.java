package dev.copperplate.backup.repository;

import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.repository.read.Identities;
import dev.copperplate.backup.repository.read.ListedSnapshot;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Makes plans: what a policy says, and what protects snapshots all the same. */
final class RetentionPlanning {

  private final OpenRepository repository;
  private final RepositoryOptions options;

  RetentionPlanning(OpenRepository repository, RepositoryOptions options) {
    this.repository = repository;
    this.options = options;
  }

  RetentionPlan plan(SnapshotFilter filter, RetentionPolicy policy, Set<RetentionQuestion> answered)
      throws IOException {
    return plan(filter, policy, answered, Set.of());
  }

  /**
   * @param leased the runs on which snapshots depend that are being made, as they were known before
   *     this plan looks which snapshots there are
   */
  RetentionPlan plan(
      SnapshotFilter filter,
      RetentionPolicy policy,
      Set<RetentionQuestion> answered,
      Set<RunId> leased)
      throws IOException {
    Instant now = options.clock().instant();
    List<ListedSnapshot> stored = repository.catalog().listed();
    List<Snapshot> all = stored.stream().map(ListedSnapshot::snapshot).toList();
    Map<SnapshotId, Proof> proofs = new Proofs(repository, options).of(all, all);
    Protections protections =
        new Protections(
            new Holds(repository, options).reasons(),
            leased,
            approvals(),
            proofs,
            new ReadIdentities(all)::of);
    RetentionPlanner planner =
        new RetentionPlanner(stored, asked(filter, proofs), protections, options, now);
    RetentionPlanner.Outcome outcome = planner.plan(policy, answered);
    return new RetentionPlan(
        repository.config().id(),
        filter,
        policy,
        answered,
        now,
        outcome.decisions(),
        outcome.needApproval(),
        outcome.questions());
  }

  /** Without a rule they are nothing to look for. */
  private List<Approval> approvals() throws IOException {
    return options.approvals().approvers() == 0 ? List.of() : new Approvals(repository).all();
  }

  private static Predicate<Snapshot> asked(SnapshotFilter filter, Map<SnapshotId, Proof> proofs) {
    return snapshot -> {
      Proof proof = proofs.get(snapshot.id());
      return SnapshotCatalog.matches(filter, snapshot)
          && filter.proof().map(least -> proof != null && proof.compareTo(least) >= 0).orElse(true);
    };
  }

  /** Brings the index up to date before the first manifest is read, and only then. */
  private final class ReadIdentities {

    private final List<Snapshot> stored;
    private boolean refreshed;

    ReadIdentities(List<Snapshot> stored) {
      this.stored = stored;
    }

    Optional<String> of(Snapshot snapshot) throws IOException {
      Identities identities = repository.identities();
      if (!refreshed) {
        refreshed = true;
        identities.refresh(stored);
      }
      return identities.of(snapshot);
    }
  }
}
