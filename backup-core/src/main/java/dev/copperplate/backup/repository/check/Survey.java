package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Workers;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.read.SnapshotFacts;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What there is: snapshot files first, then index files, then packs, in this order, because writers
 * store them in the other. So what a snapshot of it needs is in it, unless somebody has removed
 * something meanwhile: {@link #isOutdated} tells.
 */
public final class Survey {

  private final ObjectStore store;
  private final BlobIndex blobs;
  private final Set<Sha256> doomed;
  private final Set<Sha256> snapshotFiles;
  private final List<Snapshot> snapshots;
  private final Map<Sha256, String> unreadable;
  private final IndexFacts indexes;
  private final BitSet present = new BitSet();
  private final BitSet substituted = new BitSet();
  private final List<StoredObject> unlisted = new ArrayList<>();
  private final BlobHealth health;
  private long[] sizes = new long[0];

  private Survey(
      ObjectStore store,
      StoredIndex index,
      IndexFacts indexes,
      Set<Sha256> snapshotFiles,
      List<Snapshot> snapshots,
      Map<Sha256, String> unreadable)
      throws IOException {
    this.store = store;
    this.blobs = index.current();
    this.doomed = index.doomedPacks();
    this.indexes = indexes;
    this.snapshotFiles = snapshotFiles;
    this.snapshots = snapshots;
    this.unreadable = unreadable;
    listPacks();
    substitutePacks();
    this.health = new BlobHealth(blobs, present);
  }

  /** Lists and reads all but the packs. */
  public static Survey take(ObjectStore store, StoredIndex index, Workers workers)
      throws IOException, InterruptedException {
    Set<Sha256> files = new TreeSet<>(store.ids(ObjectKind.SNAPSHOT));
    List<Snapshot> snapshots = new ArrayList<>();
    Map<Sha256, String> unreadable = new TreeMap<>();
    for (Sha256 each : files) {
      workers.submit(() -> read(store, each, snapshots, unreadable));
    }
    workers.join();
    snapshots.sort(Comparator.comparing(Snapshot::time).reversed());
    index.refresh();
    IndexFacts facts = IndexFacts.read(store, index.current());
    for (int attempt = 0; !facts.whole() && attempt < 3; attempt++) {
      index.refresh();
      facts = IndexFacts.read(store, index.current());
    }
    return new Survey(store, index, facts, files, snapshots, unreadable);
  }

  private static Void read(
      ObjectStore store, Sha256 id, List<Snapshot> snapshots, Map<Sha256, String> unreadable)
      throws IOException {
    try {
      Snapshot snapshot =
          SnapshotFacts.of(id, SnapshotFile.decode(store.read(ObjectKind.SNAPSHOT, id)));
      synchronized (snapshots) {
        snapshots.add(snapshot);
      }
    } catch (FormatException broken) {
      put(unreadable, id, broken.getMessage());
    } catch (BackupException failure) {
      if (failure.kind() == Kind.DAMAGED) {
        put(unreadable, id, failure.getMessage());
      } else if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
    }
    return null;
  }

  private static void put(Map<Sha256, String> unreadable, Sha256 id, @Nullable String why) {
    synchronized (unreadable) {
      unreadable.put(id, String.valueOf(why));
    }
  }

  private void listPacks() throws IOException {
    sizes = new long[blobs.packs()];
    try (Cursor<StoredObject> all = store.list(ObjectKind.PACK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        OptionalInt number = blobs.packNumber(each.id());
        if (number.isEmpty() || number.getAsInt() >= sizes.length) {
          if (!doomed.contains(each.id())) {
            unlisted.add(each);
          }
        } else {
          present.set(number.getAsInt());
          sizes[number.getAsInt()] = each.size();
        }
      }
    }
  }

  /** Counts earlier versions in, where packs are gone or not as long as they were. */
  private void substitutePacks() throws IOException {
    for (int pack = 0; pack < sizes.length; pack++) {
      long expected = indexes.size(pack);
      if (expected > 0
          && sizes[pack] != expected
          && store.substitutes().find(ObjectKind.PACK, blobs.pack(pack))) {
        substituted.set(pack);
        present.set(pack);
        sizes[pack] = expected;
      }
    }
  }

  /** Whether something that is in it has been removed since. */
  public boolean isOutdated() throws IOException {
    return !store.ids(ObjectKind.SNAPSHOT).containsAll(snapshotFiles)
        || !store.ids(ObjectKind.INDEX).containsAll(indexes.files())
        || packsWent();
  }

  private boolean packsWent() throws IOException {
    BitSet gone = (BitSet) present.clone();
    gone.andNot(substituted);
    try (Cursor<StoredObject> all = store.list(ObjectKind.PACK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        blobs.packNumber(each.id()).ifPresent(gone::clear);
      }
    }
    return !gone.isEmpty();
  }

  public BlobIndex blobs() {
    return blobs;
  }

  public BlobHealth health() {
    return health;
  }

  public IndexFacts indexes() {
    return indexes;
  }

  /** The snapshots that can be read, newest first. */
  public List<Snapshot> snapshots() {
    return snapshots;
  }

  /** The snapshot files that cannot be read, and why. */
  public Map<Sha256, String> unreadableSnapshots() {
    return unreadable;
  }

  /** The packs that some index lists: their numbers are below. */
  public int packs() {
    return sizes.length;
  }

  /** The indexed packs that are there; not to be changed. */
  public BitSet present() {
    return present;
  }

  /** Whether an indexed pack is there. */
  public boolean isPresent(int pack) {
    return present.get(pack);
  }

  /** The packs that are in no index, and not marked for deletion either. */
  public List<StoredObject> unlisted() {
    return unlisted;
  }

  /** The packs that another tool has marked for deletion. */
  public Set<Sha256> doomed() {
    return doomed;
  }

  /** The size of an indexed pack that is there. */
  public long size(int pack) {
    return sizes[pack];
  }

  /** The places in each pack, made anew at each call: four bytes a blob. */
  public PackContents contents() {
    return new PackContents(blobs, blobs.packs());
  }

  /** The places of all blobs, by pack. */
  public static final class PackContents {

    private final BlobIndex blobs;
    private final int[] from;
    private final int[] entries;

    PackContents(BlobIndex blobs, int packs) {
      this.blobs = blobs;
      int size = blobs.size();
      int[] begins = new int[packs + 1];
      for (int entry = 0; entry < size; entry++) {
        int pack = blobs.packAt(entry);
        if (pack < packs) {
          begins[pack + 1]++;
        }
      }
      for (int pack = 0; pack < packs; pack++) {
        begins[pack + 1] += begins[pack];
      }
      this.from = begins.clone();
      this.entries = new int[begins[packs]];
      for (int entry = 0; entry < size; entry++) {
        int pack = blobs.packAt(entry);
        if (pack < packs) {
          entries[begins[pack]++] = entry;
        }
      }
    }

    /** The numbers of the places in a pack. */
    public int[] numbers(int pack) {
      return Arrays.copyOfRange(entries, from[pack], from[pack + 1]);
    }

    /** The places in a pack, each once however often it is listed. */
    public List<PackEntry> entries(int pack) {
      return Arrays.stream(numbers(pack)).mapToObj(blobs::blobAt).distinct().toList();
    }
  }
}
