package dev.copperplate.backup.repository.pack;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.BlobLocation;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packs that one writer may rely on: those that are indexed and were there when it started. It
 * remembers on which of them it did rely, so that they can be looked for again before a snapshot
 * depends on them. Thread-safe.
 *
 * <p>Packs that an interrupted writer left without an index are taken in first, so that nothing is
 * stored twice. That is safe only while nobody else could still be about to list them in an index
 * of his own: the packs are listed, then no other lock may be there, then the indexes are read
 * again.
 */
public final class PackInventory {

  private static final Logger LOG = LoggerFactory.getLogger(PackInventory.class);

  private final ObjectStore store;
  private final BlobIndex index;
  private final BitSet usable;
  private final BitSet relied = new BitSet();

  private PackInventory(ObjectStore store, BlobIndex index, BitSet usable) {
    this.store = store;
    this.index = index;
    this.usable = usable;
  }

  /** Takes stock. The writer must hold its lock. */
  public static PackInventory take(ObjectStore store, StoredIndex stored, RepositoryLock lock)
      throws IOException {
    return take(store, stored, lock, false);
  }

  /** The same where packs are known to be damaged: none is taken in that was not read. */
  public static PackInventory takeSound(ObjectStore store, StoredIndex stored, RepositoryLock lock)
      throws IOException {
    return take(store, stored, lock, true);
  }

  private static PackInventory take(
      ObjectStore store, StoredIndex stored, RepositoryLock lock, boolean readAll)
      throws IOException {
    stored.refresh();
    BlobIndex index = stored.current();
    BitSet usable = new BitSet();
    List<StoredObject> unknown = listPacks(store, index, usable);
    if (!unknown.isEmpty()) {
      boolean alone = lock.isAlone();
      stored.refresh();
      if (stored.current() != index) {
        index = stored.current();
        usable.clear();
        unknown = listPacks(store, index, usable);
      }
      BlobIndex known = index;
      Set<Sha256> doomed = stored.doomedPacks();
      unknown.removeIf(each -> markUsable(known, usable, each.id()) || doomed.contains(each.id()));
      if (alone) {
        adopt(store, stored, unknown, each -> readAll || isElsewhere(known, usable, each));
        unknown.forEach(each -> markUsable(known, usable, each.id()));
      }
    }
    // An index that is about to go may still list what another has marked for deletion.
    for (Sha256 doomed : stored.doomedPacks()) {
      index.packNumber(doomed).ifPresent(usable::clear);
    }
    return new PackInventory(store, index, usable);
  }

  /**
   * Whether a blob is stored in a pack that may be relied on. If so, the writer relies on it from
   * now on.
   */
  public boolean rely(BlobType type, Sha256 id) {
    BlobLocation place = index.find(type, id, this::isUsable);
    if (place == null) {
      return false;
    }
    synchronized (relied) {
      relied.set(place.packNumber());
    }
    return true;
  }

  /** Allows to rely on packs that the writer itself has stored and indexed. */
  void include(Map<Sha256, List<PackEntry>> packs) {
    BitSet numbers = new BitSet();
    packs.forEach(
        (pack, entries) -> {
          // Only if the index was loaded anew since this writer started is it not there yet.
          if (!markUsable(index, numbers, pack)) {
            index.add(pack, entries);
            markUsable(index, numbers, pack);
          }
        });
    // Not under one lock with the index: rely() takes the two in the other order.
    synchronized (usable) {
      usable.or(numbers);
    }
  }

  /**
   * Lists the packs again.
   *
   * @throws BackupException {@code CONFLICT} if one on which the writer relied has gone
   */
  public void requireRelied() throws IOException {
    requireRelied((number, pack) -> false);
  }

  /** Which of the packs on which the writer relied are wanted. */
  @FunctionalInterface
  public interface Choice {
    boolean isWanted(int number, StoredObject pack);
  }

  /**
   * The same.
   *
   * @param choice asked about each pack on which the writer relied, as it is listed
   * @return the names of those that are wanted, one after the other
   */
  public Iterable<Sha256> requireRelied(Choice choice) throws IOException {
    BitSet missing = relied();
    BitSet wanted = new BitSet();
    if (missing.isEmpty()) {
      return List.of();
    }
    try (Cursor<StoredObject> all = store.list(ObjectKind.PACK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        int number = index.packNumber(each.id()).orElse(-1);
        if (number >= 0 && missing.get(number)) {
          missing.clear(number);
          wanted.set(number, choice.isWanted(number, each));
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new BackupException(
          Kind.CONFLICT,
          missing.cardinality()
              + " packs on which this backup relied have gone meanwhile, among them "
              + store.describe(ObjectKind.PACK, index.pack(missing.nextSetBit(0)))
              + ". Run it again: it will store what was in them");
    }
    return () -> wanted.stream().mapToObj(index::pack).iterator();
  }

  /** The numbers of the packs on which the writer relied so far. */
  public BitSet relied() {
    synchronized (relied) {
      return (BitSet) relied.clone();
    }
  }

  /** Something that relies on packs. */
  @FunctionalInterface
  public interface Relying {
    void run() throws IOException;
  }

  /** Runs something, and nothing else; returns the numbers of the packs on which it relies. */
  public BitSet reliedBy(Relying work) throws IOException {
    BitSet others = relied();
    synchronized (relied) {
      relied.clear();
    }
    try {
      work.run();
      return relied();
    } finally {
      synchronized (relied) {
        relied.or(others);
      }
    }
  }

  /** The number of a pack, if the writer relied on it. */
  public OptionalInt relied(Sha256 pack) {
    OptionalInt number = index.packNumber(pack);
    synchronized (relied) {
      return number.isPresent() && relied.get(number.getAsInt()) ? number : OptionalInt.empty();
    }
  }

  private boolean isUsable(int pack) {
    synchronized (usable) {
      return usable.get(pack);
    }
  }

  /** Marks the known packs that are there; returns the others. */
  private static List<StoredObject> listPacks(ObjectStore store, BlobIndex index, BitSet usable)
      throws IOException {
    List<StoredObject> unknown = new ArrayList<>();
    try (Cursor<StoredObject> all = store.list(ObjectKind.PACK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        if (!markUsable(index, usable, each.id())) {
          unknown.add(each);
        }
      }
    }
    return unknown;
  }

  private static boolean markUsable(BlobIndex index, BitSet usable, Sha256 pack) {
    OptionalInt number = index.packNumber(pack);
    number.ifPresent(usable::set);
    return number.isPresent();
  }

  private static boolean isElsewhere(BlobIndex index, BitSet usable, PackEntry blob) {
    return index.find(blob.type(), blob.id(), usable::get) != null;
  }

  private static void adopt(
      ObjectStore store,
      StoredIndex stored,
      List<StoredObject> orphans,
      Predicate<PackEntry> elsewhere)
      throws IOException {
    Map<Sha256, List<PackEntry>> packs = new LinkedHashMap<>();
    int blobs = 0;
    for (StoredObject each : orphans) {
      try {
        List<PackEntry> entries = PackDirectory.read(store, each);
        if (entries.stream().anyMatch(elsewhere)) {
          requireSound(store, each, entries);
        }
        packs.put(each.id(), entries);
        blobs += entries.size();
      } catch (BackupException unreadable) {
        if (unreadable.kind() != Kind.DAMAGED && unreadable.kind() != Kind.NOT_FOUND) {
          throw unreadable;
        }
        LOG.warn("A pack that is in no index is passed over: {}", unreadable.getMessage());
      }
      if (blobs >= StoredIndex.BLOBS_PER_FILE) {
        stored.add(packs);
        packs.clear();
        blobs = 0;
      }
    }
    if (!packs.isEmpty()) {
      LOG.info("{} packs of an interrupted writer were found again", packs.size());
      stored.add(packs);
    }
  }

  /** What a repair stored again, because this pack is damaged, must not be traded for it. */
  private static void requireSound(ObjectStore store, StoredObject pack, List<PackEntry> entries)
      throws IOException {
    try (PackScan scan = new PackScan(store)) {
      if (!scan.read(pack.id(), entries, more -> {}).sound()) {
        throw store.damaged(
            ObjectKind.PACK, pack.id(), "what it holds is not what its header says", null);
      }
    }
  }
}
