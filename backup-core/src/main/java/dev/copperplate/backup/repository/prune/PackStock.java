package dev.copperplate.backup.repository.prune;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.PackHeader;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.StoredIndex.View;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * The packs that are there, by their numbers in an index, beside what the index says of them. What
 * is known of a blob is two bits, so that millions fit.
 */
final class PackStock {

  private static final long ABSENT = -1;

  private final BlobIndex index;
  private final int places;
  private final long[] sizes;
  private final BitSet retained = new BitSet();
  private final BitSet wrong = new BitSet();
  private final BitSet withTrees = new BitSet();
  private final BitSet withData = new BitSet();
  // Places that say what an earlier one said: a pack is in two index files.
  private final BitSet repeated = new BitSet();
  private final List<StoredObject> unlisted = new ArrayList<>();

  private PackStock(View view) {
    this.index = view.blobs();
    this.places = view.places();
    this.sizes = new long[view.packs()];
    Arrays.fill(sizes, ABSENT);
  }

  /**
   * Lists the packs.
   *
   * @param now what is retained beyond it cannot be removed
   */
  static PackStock take(ObjectStore store, View view, Instant now) throws IOException {
    PackStock stock = new PackStock(view);
    try (Cursor<StoredObject> all = store.list(ObjectKind.PACK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        stock.note(each, now);
      }
    }
    stock.compare();
    return stock;
  }

  private void note(StoredObject pack, Instant now) {
    OptionalInt number = index.packNumber(pack.id());
    if (number.isEmpty() || number.getAsInt() >= sizes.length) {
      unlisted.add(pack);
      return;
    }
    sizes[number.getAsInt()] = pack.size();
    if (pack.retainedUntil().filter(now::isBefore).isPresent()) {
      retained.set(number.getAsInt());
    }
  }

  /** Compares the sizes of packs with what the index says that they hold. */
  private void compare() {
    long[] listed = new long[sizes.length];
    for (int place = 0; place < places; place++) {
      if (isRepeated(place)) {
        repeated.set(place);
      } else {
        PackEntry blob = index.blobAt(place);
        int pack = index.packAt(place);
        (blob.type() == BlobType.TREE ? withTrees : withData).set(pack);
        listed[pack] += blob.length() + PackHeader.entrySize(blob);
      }
    }
    for (int pack = 0; pack < sizes.length; pack++) {
      wrong.set(
          pack,
          isPresent(pack)
              && sizes[pack] != listed[pack] + Sealer.OVERHEAD + PackHeader.LENGTH_SIZE);
    }
  }

  private boolean isRepeated(int place) {
    int other = index.firstPlace(place);
    if (other == place) {
      return false;
    }
    int pack = index.packAt(place);
    // An index that lies about the length must not hide one that does not.
    PackEntry blob = index.blobAt(place);
    for (; other != place; other = index.nextPlace(other)) {
      if (index.packAt(other) == pack && index.blobAt(other).equals(blob)) {
        return true;
      }
    }
    return false;
  }

  BlobIndex index() {
    return index;
  }

  /** How many packs the index knew. */
  int packs() {
    return sizes.length;
  }

  /** How many places the index had. */
  int places() {
    return places;
  }

  /** Whether the place says what an earlier one said. */
  boolean repeats(int place) {
    return repeated.get(place);
  }

  boolean isPresent(int pack) {
    return sizes[pack] != ABSENT;
  }

  /** Bytes of a pack; 0 if it is not there. */
  long size(int pack) {
    return Math.max(0, sizes[pack]);
  }

  /** Whether the store refuses to remove the pack. */
  boolean isRetained(int pack) {
    return retained.get(pack);
  }

  /** Whether the pack has not the size that the index says. */
  boolean isWrong(int pack) {
    return wrong.get(pack);
  }

  /** Whether the pack holds directories and data, which belong apart. */
  boolean isMixed(int pack) {
    return withTrees.get(pack) && withData.get(pack);
  }

  boolean holdsTrees(int pack) {
    return withTrees.get(pack);
  }

  /** The packs that no index lists. */
  List<StoredObject> unlisted() {
    return unlisted;
  }
}
