package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.check.Findings;
import dev.copperplate.backup.repository.check.PackReading;
import dev.copperplate.backup.repository.check.SmallFiles;
import dev.copperplate.backup.repository.check.Survey;
import dev.copperplate.backup.repository.check.TroubleReport;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.pack.PackInventory;
import dev.copperplate.backup.repository.repair.BlobHealing;
import dev.copperplate.backup.repository.repair.Healing;
import dev.copperplate.backup.repository.repair.IndexRebuild;
import dev.copperplate.backup.repository.repair.ObjectHealing;
import dev.copperplate.backup.repository.repair.PackTruth;
import dev.copperplate.backup.repository.repair.Replica;
import dev.copperplate.backup.repository.repair.SnapshotHealing;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * One repair under its lock: whole objects from replicas with the same key first, then blobs from
 * any replica, then the index files from the packs. At every moment all that could be read before
 * can be read, but for a damaged object while its whole copy takes its place; so the next repair
 * finishes one that was killed.
 *
 * <p>Without replicas no pack is read but its header: there would be nothing to heal it with.
 */
final class Repairing {

  private final OpenRepository fresh;
  private final RepositoryOptions options;
  private final Run run;
  private final RepositoryLock lock;
  private final Healing healing;
  private final ObjectStore store;
  private final ObjectHealing objects;
  private final BitSet unreadable = new BitSet();

  Repairing(
      OpenRepository fresh,
      RepositoryOptions options,
      Run run,
      RepositoryLock lock,
      Healing healing)
      throws IOException {
    this.fresh = fresh;
    this.options = options;
    this.run = run;
    this.lock = lock;
    this.healing = healing;
    this.store = fresh.store();
    this.objects = new ObjectHealing(healing, run.scratch());
  }

  /** Does it; returns how many index files were made. */
  long repair() throws IOException, InterruptedException {
    objects.resume();
    healKeys();
    Survey before = survey();
    healAll(ObjectKind.INDEX, before.indexes().unreadable().keySet());
    Set<Sha256> snapshots = healAll(ObjectKind.SNAPSHOT, before.unreadableSnapshots().keySet());
    Survey survey = survey();
    BitSet damaged = damaged(survey);
    boolean replicated = !healing.replicas().isEmpty();
    PackTruth truth = PackTruth.read(store, survey, replicated, run.workers());
    truth.headers().keySet().forEach(each -> number(survey, each).ifPresent(damaged::clear));
    damaged.or(truth.unsound());
    giveUp(truth.unreadable(), survey);
    healPacks(survey, damaged);
    Map<Sha256, SnapshotFile> copies = new SnapshotHealing(healing).find(snapshots);
    BlobHealing blobs = new BlobHealing(healing, survey.health(), fresh.blobs());
    blobs.look(roots(survey, copies), run.workers());
    BitSet emptied = healBlobs(blobs, survey, damaged);
    new SnapshotHealing(healing).store(copies);
    long indexes = rebuild(survey, truth, emptied);
    remove(survey, emptied);
    snapshots.removeAll(copies.keySet());
    damaged.andNot(emptied);
    objects.putBack();
    conclude(blobs, survey, snapshots, damaged);
    return indexes;
  }

  private Survey survey() throws IOException, InterruptedException {
    return Survey.take(store, fresh.index(), run.workers());
  }

  private static OptionalInt number(Survey survey, Sha256 pack) {
    return survey.blobs().packNumber(pack);
  }

  private void healKeys() throws IOException {
    SmallFiles keys = new SmallFiles(store, new Findings());
    for (Sha256 each : new TreeSet<>(store.ids(ObjectKind.KEY))) {
      if (keys.keyProblem(each) != null) {
        objects.heal(ObjectKind.KEY, each);
      }
    }
  }

  /** Returns those that no replica has as they were. */
  private Set<Sha256> healAll(ObjectKind kind, Set<Sha256> damaged) throws IOException {
    Set<Sha256> left = new TreeSet<>();
    for (Sha256 each : damaged) {
      if (!objects.heal(kind, each)) {
        left.add(each);
      }
    }
    return left;
  }

  /** The packs of which something is wrong. Where there are replicas, all are read. */
  private BitSet damaged(Survey survey) throws IOException, InterruptedException {
    BitSet present = survey.present();
    if (healing.replicas().isEmpty()) {
      BitSet damaged = new BitSet();
      present.stream()
          .filter(pack -> survey.size(pack) != survey.indexes().size(pack))
          .forEach(damaged::set);
      return damaged;
    }
    try (PackReading reading =
        new PackReading(store, survey, new Findings(), bytes -> run.advance(0, bytes))) {
      run.expect(0, present.stream().mapToLong(survey::size).sum());
      for (int pack = present.nextSetBit(0); pack >= 0; pack = present.nextSetBit(pack + 1)) {
        reading.submit(pack, run.workers());
      }
      run.workers().join();
      giveUp(reading.unreadable(), survey);
      return reading.damaged();
    }
  }

  /** What lies in packs that the store does not give is wanted like what is damaged. */
  private void giveUp(BitSet packs, Survey survey) {
    unreadable.or(packs);
    Survey.PackContents contents = survey.contents();
    packs.stream()
        .flatMap(pack -> Arrays.stream(contents.numbers(pack)))
        .forEach(survey.health()::markBad);
  }

  /** Takes whole packs from replicas: the damaged, and those that are gone. */
  private void healPacks(Survey survey, BitSet damaged) throws IOException {
    BitSet broken = new BitSet();
    broken.set(0, survey.packs());
    broken.andNot(survey.present());
    broken.or(damaged);
    broken.or(unreadable);
    if (healing.replicas().isEmpty() || broken.isEmpty()) {
      return;
    }
    Survey.PackContents contents = survey.contents();
    for (int pack = broken.nextSetBit(0); pack >= 0; pack = broken.nextSetBit(pack + 1)) {
      if (objects.heal(ObjectKind.PACK, survey.blobs().pack(pack))) {
        survey.health().restored(pack, contents.numbers(pack));
        damaged.clear(pack);
        unreadable.clear(pack);
      }
    }
  }

  private static List<Sha256> roots(Survey survey, Map<Sha256, SnapshotFile> copies) {
    List<Sha256> roots = new ArrayList<>();
    survey.snapshots().forEach(each -> roots.add(Sha256.parse(each.content().hex())));
    copies.values().forEach(each -> roots.add(each.tree()));
    return roots;
  }

  /** Returns the damaged packs of which nothing is left that is needed. */
  private BitSet healBlobs(BlobHealing blobs, Survey survey, BitSet damaged)
      throws IOException, InterruptedException {
    boolean canHeal = !healing.replicas().isEmpty() && (blobs.isNeeded() || !damaged.isEmpty());
    if (!canHeal || healing.dryRun()) {
      blobs.heal(null, run.workers());
      return canHeal ? blobs.empty(damaged, survey.contents(), null) : new BitSet();
    }
    PackInventory inventory = PackInventory.takeSound(store, fresh.index(), lock);
    try (BlobWriter writer = fresh.blobWriter(options, inventory, lock, healing.retention())) {
      BlobHealing.Sink sink = BlobHealing.Sink.into(writer);
      blobs.heal(sink, run.workers());
      BitSet emptied = blobs.empty(damaged, survey.contents(), sink);
      writer.flush();
      return emptied;
    }
  }

  private long rebuild(Survey survey, PackTruth truth, BitSet emptied) throws IOException {
    Set<Sha256> packs = store.ids(ObjectKind.PACK);
    survey.present().stream().forEach(pack -> packs.add(survey.blobs().pack(pack)));
    emptied.stream().forEach(pack -> packs.remove(survey.blobs().pack(pack)));
    return new IndexRebuild(healing, fresh.index(), lock, packs, listings(survey, truth)).rebuild();
  }

  /** What packs hold where index files do not say it, or do so only together. */
  private static Map<Sha256, List<PackEntry>> listings(Survey survey, PackTruth truth) {
    Map<Sha256, List<PackEntry>> listings = new HashMap<>(truth.headers());
    Survey.PackContents contents = survey.contents();
    survey.indexes().contradictory().stream()
        .forEach(pack -> listings.putIfAbsent(survey.blobs().pack(pack), contents.entries(pack)));
    return listings;
  }

  /** Only now: what was in them is elsewhere, and no index lists them any more. */
  private void remove(Survey survey, BitSet emptied) throws IOException {
    List<Sha256> packs = emptied.stream().mapToObj(survey.blobs()::pack).toList();
    packs.forEach(
        each ->
            healing.done(
                ObjectKind.PACK.key(each).value(), "removed: what it holds was stored again"));
    if (healing.dryRun() || packs.isEmpty()) {
      return;
    }
    lock.requireHeld();
    store
        .delete(ObjectKind.PACK, packs)
        .forEach(
            (key, reason) ->
                healing
                    .findings()
                    .warning(
                        key.value(),
                        "is damaged, in no index, and could not be removed: " + reason.getMessage(),
                        "Nothing relies on it: a later prune removes it"));
  }

  /** Says what is still wrong. */
  private void conclude(BlobHealing blobs, Survey survey, Set<Sha256> snapshots, BitSet damaged)
      throws IOException {
    Findings findings = healing.findings();
    for (Sha256 each : snapshots) {
      findings.error(
          ObjectKind.SNAPSHOT.key(each).value(),
          "is a snapshot that cannot be read, and no replica has it",
          "Remove it: it hides nothing else");
    }
    damaged.stream()
        .forEach(
            pack ->
                findings.error(
                    ObjectKind.PACK.key(survey.blobs().pack(pack)).value(),
                    "is damaged, and could not be healed",
                    "Repair with a replica that has what it holds"));
    unreadable.stream()
        .forEach(
            pack ->
                findings.error(
                    ObjectKind.PACK.key(survey.blobs().pack(pack)).value(),
                    "cannot be read, and no replica has it as it was",
                    "Look at the store. What it holds and snapshots need was stored again, as far"
                        + " as nothing else is named here"));
    new TroubleReport(store, survey, blobs::tree).report(blobs.lost(), findings);
    if (blobs.lost().hasErrors()) {
      healing.replicas().stream().filter(each -> !each.cutsAlike()).forEach(this::cannotHelp);
    }
    new SmallFiles(store, findings).check(options.clock().instant());
  }

  private void cannotHelp(Replica replica) {
    healing
        .findings()
        .warning(
            replica.store().target().description(),
            "has another chunker polynomial: it cuts the same files into other pieces, and cannot"
                + " stand in for those of this repository",
            "Make replicas with createReplica or `restic init --copy-chunker-params`; what this"
                + " one holds can be restored from it, or copied back as whole snapshots");
  }
}
