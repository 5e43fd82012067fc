package dev.copperplate.backup.repository;

import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.repository.expiry.Proofs;
import dev.copperplate.backup.repository.read.Identities;
import dev.copperplate.backup.repository.read.ListedSnapshot;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
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
    Proofs.Lookup proofs = proofs();
    Protections protections =
        new Protections(
            new Holds(repository, options).reasons(),
            leased,
            approvals(),
            proofs,
            new ReadIdentities(stored)::of);
    RetentionPlanner planner =
        new RetentionPlanner(stored, asked(filter, stored, proofs), protections, options, now);
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

  /** Asks for the proofs of those contents alone that have receipts: one listing says which. */
  private Proofs.Lookup proofs() throws IOException {
    Set<String> verified = repository.records().keys(RecordKind.RECEIPT).keySet();
    Receipts receipts = new Receipts(repository, options);
    return content -> verified.contains(content.hex()) ? receipts.proof(content) : Optional.empty();
  }

  private static Predicate<Snapshot> asked(
      SnapshotFilter filter, List<ListedSnapshot> stored, Proofs.Lookup proofs) throws IOException {
    SnapshotFilter others =
        new SnapshotFilter(
            filter.source(), filter.run(), filter.tags(), filter.states(), Optional.empty());
    Predicate<Snapshot> matching = each -> SnapshotCatalog.matches(others, each);
    if (filter.proof().isEmpty()) {
      return matching;
    }
    Proof least = filter.proof().get();
    Set<Snapshot> proved = new HashSet<>();
    for (ListedSnapshot each : stored) {
      Optional<Proof> proof = proofs.of(each.snapshot().content());
      if (proof.isPresent() && proof.get().compareTo(least) >= 0) {
        proved.add(each.snapshot());
      }
    }
    return matching.and(proved::contains);
  }

  /** Brings the index up to date before the first manifest is read, and only then. */
  private final class ReadIdentities {

    private final List<ListedSnapshot> stored;
    private boolean refreshed;

    ReadIdentities(List<ListedSnapshot> stored) {
      this.stored = stored;
    }

    Optional<String> of(Snapshot snapshot) throws IOException {
      Identities identities = repository.identities();
      if (!refreshed) {
        refreshed = true;
        identities.refresh(stored.stream().map(ListedSnapshot::snapshot).toList());
      }
      return identities.of(snapshot);
    }
  }
}
