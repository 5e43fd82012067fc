package dev.copperplate.backup.repository.prune;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.index.StoredIndex.IndexFile;
import dev.copperplate.backup.repository.index.StoredIndex.View;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import dev.copperplate.backup.repository.read.Trees;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the snapshots need, what is stored, and which copy of what is needed stays. */
public final class Survey {

  /**
   * What is looked at.
   *
   * @param store its objects
   * @param index its index
   * @param catalog its snapshots
   * @param trees its directories
   * @param run whose workers walk through them
   */
  public record Place(
      ObjectStore store, StoredIndex index, SnapshotCatalog catalog, Trees trees, Run run) {}

  /** Brings the index up to date; may take in packs that no index lists. */
  @FunctionalInterface
  public interface IndexLoad {
    void load() throws IOException;
  }

  private final Place place;
  private final Map<Sha256, Sha256> roots;
  private final View view;
  private final NeededBlobs needed;
  private final Copies copies;
  private final Set<Sha256> fixedFiles;
  private final PackUse use;

  private Survey(
      Place place,
      Map<Sha256, Sha256> roots,
      View view,
      NeededBlobs needed,
      Copies copies,
      Set<Sha256> fixedFiles,
      PackUse use) {
    this.place = place;
    this.roots = roots;
    this.view = view;
    this.needed = needed;
    this.copies = copies;
    this.fixedFiles = fixedFiles;
    this.use = use;
  }

  /**
   * Looks for the first time.
   *
   * @throws BackupException {@code DAMAGED}, naming it, if a snapshot, a directory or an index file
   *     cannot be read
   */
  public static Survey take(Place place, IndexLoad index) throws IOException, InterruptedException {
    Map<Sha256, Sha256> roots = SnapshotRoots.read(place.store(), place.catalog());
    index.load();
    View view = place.index().view();
    requireWhole(place.index());
    return of(
        place,
        roots,
        roots,
        view,
        new NeededBlobs(view.blobs()),
        new Copies(view.blobs()),
        Set.of());
  }

  /** Reads the copies that shall stay where others shall go; what proves bad stays nowhere. */
  public Survey readCopies(BlobReader from) throws IOException, InterruptedException {
    PackUse next = use;
    while (!next.unread().isEmpty()) {
      copies.read(next.unread(), from, place.run());
      next = next.again();
    }
    return new Survey(place, roots, view, needed, copies, fixedFiles, next);
  }

  /**
   * Looks again, at what has come since. What was needed before stays needed.
   *
   * @param leaving packs of which no copy shall stay, if there is another
   * @param own packs that were stored since by this prune itself
   */
  public Survey again(Set<Sha256> leaving, Set<Sha256> own)
      throws IOException, InterruptedException {
    Map<Sha256, Sha256> now = SnapshotRoots.read(place.store(), place.catalog());
    place.index().refresh();
    View next = place.index().view();
    requireWhole(place.index());
    Copies seen = copies.by(next.blobs());
    if (needed.missing() > 0) {
      // What no index listed could not be marked, and may be listed by now.
      NeededBlobs anew = new NeededBlobs(next.blobs());
      return of(place, now, now, next, anew, seen, leaving).cautious(own);
    }
    Map<Sha256, Sha256> come = new HashMap<>(now);
    come.keySet().removeAll(roots.keySet());
    return of(place, now, come, next, needed.by(next.blobs()), seen, leaving).cautious(own);
  }

  /** What nobody has read since it came is no reason for a copy to go. */
  private Survey cautious(Set<Sha256> own) {
    Set<Integer> numbers = new HashSet<>();
    own.forEach(each -> view.blobs().packNumber(each).ifPresent(numbers::add));
    copies.trust(stock(), numbers);
    return new Survey(place, roots, view, needed, copies, fixedFiles, use.again().cautious());
  }

  private static Survey of(
      Place place,
      Map<Sha256, Sha256> roots,
      Map<Sha256, Sha256> come,
      View view,
      NeededBlobs needed,
      Copies copies,
      Set<Sha256> leaving)
      throws IOException, InterruptedException {
    NeededWalk.mark(come, needed, place.trees(), place.run().workers());
    Instant now = place.run().clock().instant();
    PackStock stock = PackStock.take(place.store(), view, now);
    Set<Sha256> fixedFiles = fixedFiles(place.store(), view, now);
    BitSet fixed = IndexRewrite.listedBy(fixedFiles, view.files());
    for (int pack = 0; pack < stock.packs(); pack++) {
      if (stock.isRetained(pack)) {
        fixed.set(pack);
      }
    }
    BitSet going = new BitSet();
    leaving.forEach(each -> view.blobs().packNumber(each).ifPresent(going::set));
    // Nothing may rely on what another tool has marked for deletion.
    place
        .index()
        .doomedPacks()
        .forEach(each -> view.blobs().packNumber(each).ifPresent(going::set));
    PackUse use = PackUse.of(stock, needed, going, fixed, copies);
    requireTrees(use);
    return new Survey(place, roots, view, needed, copies, fixedFiles, use);
  }

  /**
   * Index files that the store retains, and those by which rustic removes packs. With the former
   * stay all packs that they list, and so all that are retained for a snapshot: also where a
   * listing does not tell, only these few files have to be asked about.
   */
  private static Set<Sha256> fixedFiles(ObjectStore store, View view, Instant now)
      throws IOException {
    Set<Sha256> fixed = new HashSet<>();
    for (Map.Entry<Sha256, IndexFile> each : view.files().entrySet()) {
      if (each.getValue().doomed()) {
        fixed.add(each.getKey());
      }
    }
    try (Cursor<StoredObject> all = store.list(ObjectKind.INDEX)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        if (view.files().containsKey(each.id())
            && store.retainedUntil(ObjectKind.INDEX, each).filter(now::isBefore).isPresent()) {
          fixed.add(each.id());
        }
      }
    }
    return fixed;
  }

  private static void requireWhole(StoredIndex index) throws BackupException {
    for (BackupException damage : index.damaged()) {
      throw new BackupException(
          Kind.DAMAGED,
          "Nothing was removed, because what an index lists is unknown: "
              + damage.getMessage()
              + ". Make it anew with a repair, and prune again",
          damage);
    }
  }

  private static void requireTrees(PackUse use) throws BackupException {
    if (!use.lostTree().isEmpty()) {
      throw new BackupException(
          Kind.DAMAGED,
          "Nothing was removed, because what a snapshot needs is unknown: the packs that hold"
              + " directory blob "
              + use.lostTree()
              + " are gone. Repair the repository from a replica, and prune again");
    }
  }

  /** Whether there are packs, and no snapshot that could need them. */
  public boolean isOrphaned() {
    return roots.isEmpty() && (stock().packs() > 0 || !unlisted().isEmpty());
  }

  /** What shall be done. */
  public PrunePlan plan(double maxUnused) {
    return PrunePlan.of(use, maxUnused);
  }

  /** Whether all that snapshots need is there. If not, it may be in packs that no index lists. */
  public boolean isComplete() {
    return needed.missing() == 0 && use.lostData() == 0;
  }

  /** How often snapshots name pieces of files that no index lists. */
  public long missing() {
    return needed.missing();
  }

  /** One of these pieces. */
  public String firstMissing() {
    return needed.firstMissing();
  }

  /** How many needed pieces of files lie in packs that are gone. */
  public long lost() {
    return use.lostData();
  }

  /** One of these pieces. */
  public String firstLost() {
    return use.firstLost();
  }

  /** The ids of packs, given by their numbers. */
  public Set<Sha256> ids(BitSet packs) {
    Set<Sha256> ids = new HashSet<>();
    packs.stream().forEach(each -> ids.add(view.blobs().pack(each)));
    return ids;
  }

  /** The packs that are there and have not the size that the index says. */
  public Set<Sha256> wrongPacks() {
    BitSet wrong = new BitSet();
    for (int pack = 0; pack < stock().packs(); pack++) {
      wrong.set(pack, stock().isWrong(pack));
    }
    return ids(wrong);
  }

  /** The packs in which something is needed. */
  public Set<Sha256> usedPacks() {
    BitSet used = new BitSet();
    for (int pack = 0; pack < stock().packs(); pack++) {
      used.set(pack, stock().isPresent(pack) && use.isUsed(pack));
    }
    return ids(used);
  }

  /** How many bytes nobody needs, those of retained packs apart. */
  public long unusedBytes() {
    long bytes = 0;
    for (int pack = 0; pack < stock().packs(); pack++) {
      if (stock().isPresent(pack) && !stock().isRetained(pack)) {
        bytes += use.isFree(pack) ? stock().size(pack) : use.unused(pack);
      }
    }
    return bytes;
  }

  /** How many bytes of retained packs nobody needs. */
  public long retainedBytes() {
    long bytes = 0;
    for (int pack = 0; pack < stock().packs(); pack++) {
      if (stock().isRetained(pack)) {
        bytes += use.isUsed(pack) ? use.unused(pack) : stock().size(pack);
      }
    }
    return bytes;
  }

  /** The packs that no index lists, but for those that rustic has marked. */
  public Map<Sha256, Long> unlisted() {
    Map<Sha256, Long> packs = new HashMap<>();
    Set<Sha256> doomed = place.index().doomedPacks();
    for (StoredObject each : stock().unlisted()) {
      if (!doomed.contains(each.id())) {
        packs.put(each.id(), each.size());
      }
    }
    return packs;
  }

  /** The index files that would make room for others, if these packs were listed no more. */
  IndexRewrite rewrite(BitSet going) {
    BitSet dropped = (BitSet) going.clone();
    for (int pack = 0; pack < stock().packs(); pack++) {
      if (!stock().isPresent(pack) && !use.isWanted(pack)) {
        dropped.set(pack);
      }
    }
    return IndexRewrite.of(stock(), view.files(), fixedFiles, dropped);
  }

  /** How many index files would make room for others, if these packs were listed no more. */
  public int filesToReplace(BitSet going) {
    return rewrite(going).replaced().size();
  }

  /** What each index file lists. */
  Map<Sha256, IndexFile> files() {
    return view.files();
  }

  PackUse use() {
    return use;
  }

  PackStock stock() {
    return use.stock();
  }

  ObjectStore store() {
    return place.store();
  }
}
