package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.repository.lock.Lease;
import dev.copperplate.backup.repository.lock.LeaseKind;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.run.Run;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes the snapshots of a plan, after it was made again: first everybody is told by a lease,
 * then it is looked who is building on what, and only then which snapshots there are. So whoever
 * builds on a snapshot has either been seen here, or sees this and waits.
 */
final class Expiry {

  private static final Duration LOCK_WAIT = Duration.ofMinutes(5);
  private static final Duration TURN_WAIT = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final Run run;

  Expiry(OpenRepository repository, RepositoryOptions options, Run run) {
    this.repository = repository;
    this.options = options;
    this.run = run;
  }

  ExpireReport expire(RetentionPlan plan, List<Approval> given)
      throws IOException, InterruptedException {
    if (!plan.repository().equals(repository.config().id())) {
      throw new IllegalArgumentException(
          "The plan was made by repository "
              + plan.repository()
              + ", and this is "
              + repository.config().id());
    }
    Approvals approvals = new Approvals(repository);
    for (Approval each : given) {
      approvals.add(each);
    }
    try (RepositoryLock lock = repository.sharedLock(options, LOCK_WAIT)) {
      Lease lease = repository.leases().put(LeaseKind.EXPIRY, run.run().value(), lock, now());
      try {
        awaitTurn(lease);
        return expire(plan, given, lock);
      } finally {
        repository.leases().remove(List.of(lease));
      }
    }
  }

  private Instant now() {
    return options.clock().instant();
  }

  /**
   * Two who both see the other agree on who waits and who gives up; whoever sees nobody goes on,
   * and is waited for. Clocks are not asked which of two came first.
   */
  private void awaitTurn(Lease mine) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TURN_WAIT.toNanos();
    while (true) {
      List<Lease> others =
          repository.leases().live(LeaseKind.EXPIRY).stream()
              .filter(each -> !each.key().equals(mine.key()))
              .toList();
      if (others.isEmpty()) {
        return;
      }
      Lease other = others.get(0);
      boolean behind = other.key().name().compareTo(mine.key().name()) < 0;
      if (behind || System.nanoTime() - deadline >= 0) {
        throw new BackupException(
            Kind.LOCKED,
            "Snapshots of "
                + repository.store().target().description()
                + " are already being removed, by "
                + other.holder()
                + " since "
                + other.at()
                + ". Try again when that has ended");
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }

  private ExpireReport expire(RetentionPlan plan, List<Approval> given, RepositoryLock lock)
      throws IOException, InterruptedException {
    // Before the snapshots are listed: a lease that is gone by now has become a snapshot by then.
    Set<RunId> leased = leased();
    RetentionPlan fresh =
        new RetentionPlanning(repository, options)
            .plan(plan.filter(), plan.policy(), plan.answered(), leased);
    Set<SnapshotId> agreed = ids(plan.removed());
    Set<SnapshotId> removable = ids(plan.needApproval());
    removable.addAll(agreed);
    List<Decision> doomed =
        fresh.decisions().stream()
            .filter(each -> !each.keep() && removable.contains(each.snapshot().id()))
            .toList();
    List<Decision> stayed =
        fresh.decisions().stream()
            .filter(each -> each.keep() && removable.contains(each.snapshot().id()))
            .filter(each -> agreed.contains(each.snapshot().id()) || isNamed(each, given))
            .toList();
    repository.catalog().unreadable().forEach(this::reportUnreadable);
    SnapshotRemoval removal = new SnapshotRemoval(repository, run, lock);
    removal.remove(doomed);
    return removal.report(stayed);
  }

  private static Set<SnapshotId> ids(List<Snapshot> snapshots) {
    Set<SnapshotId> ids = new HashSet<>();
    snapshots.forEach(each -> ids.add(each.id()));
    return ids;
  }

  /** Whoever gives approvals wants to know why they were not enough. */
  private static boolean isNamed(Decision decision, List<Approval> given) {
    return given.stream().anyMatch(each -> each.snapshots().contains(decision.snapshot().run()));
  }

  private void reportUnreadable(SnapshotId id, String reason) {
    run.report(
        Finding.warning(
            "snapshot " + id.shortHex(),
            "Its file cannot be read, so it is not known which snapshots it needs: " + reason,
            "Check the repository; a replica may have the file"));
  }

  private Set<RunId> leased() throws IOException {
    Set<RunId> runs = new HashSet<>();
    for (Lease each : repository.leases().live(LeaseKind.DEPENDENCY)) {
      runs.add(new RunId(each.subject()));
    }
    return runs;
  }
}
