package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Workers;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * The structure of a repository: whether its index files can be read and fit the packs that are
 * there, whether its snapshots can be read, and whether all that they name is somewhere.
 */
public final class Structure {

  /** How often to look again when something is removed while we look. */
  private static final int ATTEMPTS = 5;

  private static final int NAMED = 10;
  private static final String REINDEX =
      "A repair, or `restic repair index`, makes the index anew from the packs";

  private final ObjectStore store;
  private final Survey survey;
  private final Directories directories;
  private final Directories.Source trees;
  private final BlobTroubles troubles;

  private Structure(
      ObjectStore store,
      Survey survey,
      Directories directories,
      Directories.Source trees,
      BlobTroubles troubles) {
    this.store = store;
    this.survey = survey;
    this.directories = directories;
    this.trees = trees;
    this.troubles = troubles;
  }

  /**
   * Looks at everything. If something is missing and others have removed something meanwhile, looks
   * again: it may only have moved.
   *
   * @param progress told of each directory that was read, from several threads
   */
  public static Structure look(
      ObjectStore store,
      StoredIndex index,
      BlobReader blobs,
      Workers workers,
      LongConsumer progress)
      throws IOException, InterruptedException {
    Structure last = lookOnce(store, index, blobs, workers, progress);
    for (int i = 1; i < ATTEMPTS && last.isDoubtful(); i++) {
      last = lookOnce(store, index, blobs, workers, progress);
    }
    return last;
  }

  private static Structure lookOnce(
      ObjectStore store,
      StoredIndex index,
      BlobReader blobs,
      Workers workers,
      LongConsumer progress)
      throws IOException, InterruptedException {
    Survey survey = Survey.take(store, index, workers);
    BlobTroubles troubles = new BlobTroubles();
    Directories.Source trees = id -> blobs.read(BlobType.TREE, id);
    Directories directories = new Directories(survey.health(), trees, troubles, progress);
    directories.walk(
        survey.snapshots().stream().map(each -> Sha256.parse(each.content().hex())).toList(),
        workers);
    return new Structure(store, survey, directories, trees, troubles);
  }

  private boolean isDoubtful() throws IOException {
    return (!troubles.isEmpty() || !gone().isEmpty()) && survey.isOutdated();
  }

  /** What it was that was looked at. */
  public Survey survey() {
    return survey;
  }

  /** The directories that were walked. */
  public Directories directories() {
    return directories;
  }

  /**
   * Counts in what was found damaged in packs.
   *
   * @param read what there was when they were read; by now something may have moved
   */
  public void addDamaged(Survey read) {
    if (read != survey) {
      read.health().bad().stream().map(place -> here(read, place)).forEach(this::markBad);
    }
    survey.health().bad().stream().forEach(this::addDamaged);
  }

  private void markBad(int place) {
    if (place >= 0) {
      survey.health().markBad(place);
    }
  }

  /** The number that a place of an earlier survey has in this one; -1 if it has gone. */
  private int here(Survey before, int place) {
    PackEntry blob = before.blobs().blobAt(place);
    int pack =
        survey.blobs().packNumber(before.blobs().pack(before.blobs().packAt(place))).orElse(-1);
    return survey
        .blobs()
        .place(blob.type(), blob.id(), each -> survey.blobs().packAt(each) == pack);
  }

  private void addDamaged(int place) {
    PackEntry blob = survey.blobs().blobAt(place);
    if (directories.isNeeded(survey.health().number(blob.type(), blob.id()))
        && !survey.health().has(blob.type(), blob.id())) {
      troubles.add(
          blob.type(),
          blob.id(),
          Severity.ERROR,
          "is damaged in " + name(survey.blobs().packAt(place)),
          PackReading.REMEDY);
    }
  }

  /** Says what was found. */
  public void report(Findings findings) throws IOException {
    snapshots(findings);
    indexes(findings);
    packs(findings);
    new TroubleReport(store, survey, trees).report(troubles, findings);
  }

  private void snapshots(Findings findings) {
    survey
        .unreadableSnapshots()
        .forEach(
            (id, why) ->
                findings.error(
                    ObjectKind.SNAPSHOT.key(id).value(),
                    "is a snapshot that cannot be read: " + why,
                    "Take it from a replica with a repair, or remove it: it hides nothing else"));
    Set<RunId> runs = survey.snapshots().stream().map(Snapshot::run).collect(Collectors.toSet());
    survey.snapshots().forEach(each -> snapshot(each, runs, findings));
  }

  private static void snapshot(Snapshot snapshot, Set<RunId> runs, Findings findings) {
    String name = "snapshot " + snapshot.id().shortHex();
    if (snapshot.state() != SnapshotState.COMPLETE) {
      String state = snapshot.state().name().toLowerCase(Locale.ROOT);
      findings.info(name, "was " + state + " when it was made", "");
    }
    for (RunId dependency : snapshot.dependencies()) {
      if (!runs.contains(dependency)) {
        findings.warning(
            name,
            "depends on run " + dependency + ", which is gone",
            "It cannot be relied on alone: copy that snapshot back from a replica, or make a full"
                + " backup");
      }
    }
  }

  private void indexes(Findings findings) {
    survey
        .indexes()
        .unreadable()
        .forEach(
            (id, why) ->
                findings.error(
                    ObjectKind.INDEX.key(id).value(), "cannot be read: " + why, REINDEX));
    IndexFacts facts = survey.indexes();
    facts.several().stream()
        .forEach(
            pack -> {
              if (facts.contradictory().get(pack)) {
                findings.warning(name(pack), "index files contradict each other about it", REINDEX);
              } else {
                findings.info(name(pack), "is listed in several index files", REINDEX);
              }
            });
  }

  private void packs(Findings findings) {
    BitSet needed = neededPacks();
    gone().stream().forEach(pack -> missing(pack, needed.get(pack), findings));
    survey.present().stream()
        .filter(pack -> survey.indexes().size(pack) > 0) // its index may have gone meanwhile
        .filter(pack -> survey.size(pack) != survey.indexes().size(pack))
        .forEach(pack -> wrongSize(pack, findings));
    counted(
        findings,
        survey.indexes().mixed().stream().filter(survey::isPresent).mapToObj(this::name).toList(),
        "packs hold both directories and pieces of files",
        "`prune` tidies them up");
    counted(
        findings,
        survey.unlisted().stream().map(each -> ObjectKind.PACK.key(each.id()).value()).toList(),
        "packs are in no index",
        "The next backup takes them in if they can be used, and `prune` removes them");
    counted(
        findings,
        survey.doomed().stream().map(each -> ObjectKind.PACK.key(each).value()).toList(),
        "packs are marked for deletion by another tool",
        "");
  }

  private void missing(int pack, boolean needed, Findings findings) {
    if (needed) {
      findings.error(
          name(pack),
          "is gone, and snapshots need what is in it",
          "Take it from a replica with a repair");
    } else {
      findings.warning(name(pack), "is gone, and an index lists it; no snapshot needs it", REINDEX);
    }
  }

  private void wrongSize(int pack, Findings findings) {
    findings.error(
        name(pack),
        "has "
            + survey.size(pack)
            + " bytes, and by the index it should have "
            + survey.indexes().size(pack),
        "A repair takes it from a replica, or makes the index anew");
  }

  private void counted(Findings findings, List<String> names, String what, String remedy) {
    if (!names.isEmpty()) {
      String more = names.size() > NAMED ? " and others" : "";
      findings.info(
          store.target().description(),
          names.size()
              + " "
              + what
              + ": "
              + names.stream().limit(NAMED).collect(Collectors.joining(", "))
              + more,
          remedy);
    }
  }

  /** The packs that an index lists and that are not there. */
  private BitSet gone() {
    BitSet gone = new BitSet();
    gone.set(0, survey.packs());
    gone.andNot(survey.present());
    gone.stream()
        .filter(pack -> survey.doomed().contains(survey.blobs().pack(pack)))
        .forEach(gone::clear);
    return gone;
  }

  /** The packs that are gone and in which something lies that is needed and nowhere else. */
  private BitSet neededPacks() {
    BitSet gone = gone();
    BitSet needed = new BitSet();
    for (int entry = 0; !gone.isEmpty() && entry < survey.blobs().size(); entry++) {
      int pack = survey.blobs().packAt(entry);
      if (gone.get(pack) && !needed.get(pack)) {
        PackEntry place = survey.blobs().blobAt(entry);
        BlobHealth health = survey.health();
        if (directories.isNeeded(health.number(place.type(), place.id()))
            && !health.has(place.type(), place.id())) {
          needed.set(pack);
        }
      }
    }
    return needed;
  }

  private String name(int pack) {
    return ObjectKind.PACK.key(survey.blobs().pack(pack)).value();
  }
}
