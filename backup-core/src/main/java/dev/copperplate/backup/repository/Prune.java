package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.lock.Lease;
import dev.copperplate.backup.repository.lock.LeaseKind;
import dev.copperplate.backup.repository.lock.Leases;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.pack.PackInventory;
import dev.copperplate.backup.repository.prune.PrunePlan;
import dev.copperplate.backup.repository.prune.Removal;
import dev.copperplate.backup.repository.prune.Repacking;
import dev.copperplate.backup.repository.prune.Survey;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.Retention;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees what no snapshot needs, in two steps. Beside writers: find what is needed, and store it
 * anew where that frees much. Then alone, for seconds: look again, and remove. Killed anywhere, it
 * leaves nothing that the next one does not finish, without storing anything again.
 */
final class Prune {

  private static final Logger LOG = LoggerFactory.getLogger(Prune.class);

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final Run run;
  private final String place;
  private long packsRepacked;
  private long bytesRepacked;
  private Set<Sha256> own = Set.of();
  private boolean complete = true;

  Prune(OpenRepository repository, RepositoryOptions options, Run run) {
    this.repository = repository;
    this.options = options;
    this.run = run;
    this.place = repository.store().target().description();
  }

  PruneReport prune(PruneOptions how) throws IOException, InterruptedException {
    try (RepositoryLock lock = repository.sharedLock(options, how.lockWait())) {
      if (how.dryRun()) {
        return foretell(how, lock);
      }
      Lease lease =
          repository
              .leases()
              .put(LeaseKind.PRUNE, run.run().value(), lock, options.clock().instant());
      try {
        requireNoOther(lease);
        PruneReport report = prune(how, lock);
        repository.leases().removeDead();
        return report;
      } finally {
        repository.leases().remove(List.of(lease));
      }
    }
  }

  private void requireNoOther(Lease own) throws IOException {
    for (Lease each : repository.leases().live(LeaseKind.PRUNE)) {
      if (!each.key().equals(own.key())) {
        throw new BackupException(
            Kind.LOCKED,
            "The repository "
                + place
                + " is being pruned since "
                + each.at()
                + " by "
                + each.holder()
                + ". Wait until that has ended");
      }
    }
  }

  private PruneReport foretell(PruneOptions how, RepositoryLock lock)
      throws IOException, InterruptedException {
    Survey survey = Survey.take(parts(), repository.index()::refresh);
    if (survey.isOrphaned() && !how.emptying()) {
      return refuse(survey);
    }
    note(survey);
    PrunePlan plan = survey.plan(how.maxUnused());
    // A pack that no index lists may be that of a writer at work.
    var unlisted =
        survey.isComplete() && lock.isAlone() ? survey.unlisted().values() : Set.<Long>of();
    BitSet going = going(plan, new BitSet());
    return new PruneReport(
        true,
        going.cardinality() + unlisted.size(),
        plan.repack().cardinality(),
        plan.goingBytes() + unlisted.stream().mapToLong(each -> each).sum(),
        plan.repackBytes(),
        plan.unusedBytes(),
        survey.retainedBytes(),
        survey.filesToReplace(going),
        run.findings());
  }

  private PruneReport prune(PruneOptions how, RepositoryLock lock)
      throws IOException, InterruptedException {
    PackInventory[] taken = new PackInventory[1];
    Survey survey =
        Survey.take(
            parts(),
            () -> taken[0] = PackInventory.take(repository.store(), repository.index(), lock));
    if (survey.isOrphaned() && !how.emptying()) {
      return refuse(survey);
    }
    survey = survey.readCopies(repository.blobs());
    note(survey);
    PrunePlan plan = survey.plan(how.maxUnused());
    BitSet spoiled = repack(survey, plan, taken[0], lock);
    BitSet going = going(plan, spoiled);
    if (going.isEmpty()
        && survey.unlisted().isEmpty()
        && survey.filesToReplace(going) == 0
        && unneededRecords().isEmpty()) {
      return report(null, survey.unusedBytes(), survey.retainedBytes());
    }
    return finish(how, lock, survey, survey.ids(going));
  }

  private Survey.Place parts() {
    return new Survey.Place(
        repository.store(), repository.index(), repository.catalog(), repository.trees(), run);
  }

  private static BitSet going(PrunePlan plan, BitSet spoiled) {
    BitSet going = (BitSet) plan.free().clone();
    going.or(plan.repack());
    going.andNot(spoiled);
    return going;
  }

  private BitSet repack(Survey survey, PrunePlan plan, PackInventory inventory, RepositoryLock lock)
      throws IOException, InterruptedException {
    if (plan.repack().isEmpty()) {
      return new BitSet();
    }
    run.expect(plan.repack().cardinality(), plan.repackBytes());
    try (BlobWriter writer = repository.blobWriter(options, inventory, lock, Retention.NONE)) {
      BitSet spoiled = new Repacking(survey, repository.blobs(), writer, run).of(plan.repack());
      complete = spoiled.isEmpty();
      packsRepacked = (long) plan.repack().cardinality() - spoiled.cardinality();
      bytesRepacked = writer.bytesStored();
      own = writer.packs();
      return spoiled;
    }
  }

  /** Asks writers to wait, and removes once none is at work. */
  private PruneReport finish(
      PruneOptions how, RepositoryLock lock, Survey survey, Set<Sha256> leaving)
      throws IOException, InterruptedException {
    Leases leases = repository.leases();
    Lease pause =
        leases.put(
            LeaseKind.PAUSE, run.run().value(), lock, options.clock().instant(), how.lockWait());
    try (RepositoryLock alone = lock.exclusiveBeside(how.lockWait())) {
      long begun = System.nanoTime();
      lock.requireHeld();
      Survey now = survey.again(leaving, own);
      noteNeededAgain(now, leaving);
      Removal removal = new Removal(now, run, alone);
      removal.remove();
      complete &= removal.isComplete();
      alone.requireHeld();
      removeRecords(unneededRecords());
      LOG.info(
          "{} was locked exclusively for {}: {} packs and {} index files are gone",
          place,
          Duration.ofNanos(System.nanoTime() - begun),
          removal.packs(),
          removal.indexes());
      return report(removal, removal.unusedBytes(), now.retainedBytes() + removal.retained());
    } catch (BackupException busy) {
      if (busy.kind() != Kind.LOCKED) {
        throw busy;
      }
      return givenUp(survey, busy);
    } finally {
      leases.remove(List.of(pause));
    }
  }

  /** The records that no snapshot has any more. */
  private List<RecordKey> unneededRecords() throws IOException {
    return new RecordCleanup(repository)
        .unneeded(repository.catalog().list(SnapshotFilter.ALL), options.clock().instant());
  }

  private void removeRecords(List<RecordKey> keys) throws IOException {
    repository
        .records()
        .delete(keys)
        .forEach((key, reason) -> LOG.info("The record {} stays: {}", key, reason.getMessage()));
  }

  /** Whoever could empty the list of snapshots must not make us remove all that they need. */
  private PruneReport refuse(Survey survey) {
    complete = false;
    run.report(
        Finding.warning(
            place,
            "Nothing was removed: there is not one snapshot, so that everything would go",
            "Look whether snapshots/ is as it should be. If it is, prune with emptying(true)"));
    return report(null, survey.unusedBytes(), survey.retainedBytes());
  }

  private PruneReport givenUp(Survey survey, BackupException busy) {
    complete = false;
    run.report(
        Finding.warning(
            place,
            "Nothing was removed: " + busy.getMessage(),
            "Prune again when fewer writers are at work, or with a longer wait: it removes what is"
                + " to go, and stores nothing again"));
    // What was stored anew is there twice.
    return report(null, survey.unusedBytes() + bytesRepacked, survey.retainedBytes());
  }

  private PruneReport report(@Nullable Removal removal, long unused, long retained) {
    return new PruneReport(
        complete,
        removal == null ? 0 : removal.packs(),
        packsRepacked,
        removal == null ? 0 : removal.bytes(),
        bytesRepacked,
        unused,
        retained,
        removal == null ? 0 : removal.indexes(),
        run.findings());
  }

  private void note(Survey survey) {
    if (survey.missing() > 0) {
      run.report(
          Finding.warning(
              place,
              "Snapshots need pieces of files that no index lists, "
                  + survey.missing()
                  + " times, among them data blob "
                  + survey.firstMissing(),
              "Repair the index, or the repository from a replica"));
    }
    if (survey.lost() > 0) {
      run.report(
          Finding.error(
              place,
              survey.lost()
                  + " pieces of files that snapshots need lie in packs that are gone, among them"
                  + " data blob "
                  + survey.firstLost(),
              "Repair the repository from a replica"));
    }
    for (Sha256 each : survey.wrongPacks()) {
      run.report(
          Finding.warning(
              "pack " + each,
              "Its size is not that of what the index says it holds, so that it stays as long as"
                  + " anything in it is needed, or anything is missing that may be in it",
              "Check the repository, and repair the index"));
    }
  }

  private void noteNeededAgain(Survey now, Set<Sha256> leaving) {
    Set<Sha256> needed = new HashSet<>(leaving);
    needed.retainAll(now.usedPacks());
    if (!needed.isEmpty()) {
      run.report(
          Finding.info(
              place,
              needed.size()
                  + " packs that were to go are needed by snapshots that were made meanwhile, and"
                  + " stay"));
    }
  }
}
