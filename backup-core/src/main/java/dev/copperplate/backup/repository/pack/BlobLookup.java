package dev.copperplate.backup.repository.pack;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader looks for blobs. Readers hold no lock, so somebody may repack meanwhile: what is
 * not where it was is looked up again, in indexes that are read anew. Thread-safe.
 */
final class BlobLookup {

  /** Of a repository that lacks much, each miss must not cost a listing. */
  private static final Duration LEAST_INTERVAL = Duration.ofSeconds(5);

  /**
   * What is known at a moment.
   *
   * @param blobs the index
   * @param present whether the pack with a number counts as being there
   */
  record View(BlobIndex blobs, IntPredicate present) {}

  private final StoredIndex index;
  private final @Nullable ObjectStore packs;
  private @Nullable View listed;
  private long lastLook;
  private boolean looked;

  private BlobLookup(StoredIndex index, @Nullable ObjectStore packs) {
    this.index = index;
    this.packs = packs;
  }

  /** Believes the indexes. */
  static BlobLookup of(StoredIndex index) {
    return new BlobLookup(index, null);
  }

  /** Believes the indexes as far as the packs are there, which are listed now. */
  static BlobLookup ofPresentPacks(StoredIndex index, ObjectStore store) throws IOException {
    BlobLookup lookup = new BlobLookup(index, store);
    lookup.list();
    return lookup;
  }

  synchronized View view() {
    return listed == null ? new View(index.current(), any -> true) : listed;
  }

  /** Reads the indexes anew; false if that was done a moment ago. */
  synchronized boolean lookAgain() throws IOException {
    if (looked && System.nanoTime() - lastLook < LEAST_INTERVAL.toNanos()) {
      return false;
    }
    index.refresh();
    list();
    looked = true;
    lastLook = System.nanoTime();
    return true;
  }

  private void list() throws IOException {
    if (packs == null) {
      return;
    }
    BlobIndex blobs = index.current();
    BitSet present = new BitSet();
    try (Cursor<StoredObject> all = packs.list(ObjectKind.PACK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        blobs.packNumber(each.id()).ifPresent(present::set);
      }
    }
    listed = new View(blobs, present::get);
  }
}
