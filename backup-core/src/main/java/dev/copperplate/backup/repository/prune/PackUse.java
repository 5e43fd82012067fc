package dev.copperplate.backup.repository.prune;

import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.index.BlobIndex;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which copy of each needed blob stays, and how much of each pack that uses.
 *
 * <p>Of several copies that in the pack stays which ranks first: one that cannot be removed anyway,
 * then one of which everything is needed, as of those that an interrupted prune has left, then the
 * one with the most that is needed. One order for all blobs, so that copies gather in few packs and
 * others become free. A copy that was read comes before all others, and one that proved bad counts
 * for none.
 */
final class PackUse {

  private final PackStock stock;
  private final NeededBlobs needed;
  private final BitSet leaving;
  private final BitSet fixed;
  private final Copies copies;
  private final long[] neededBytes;
  private final long[] unneededBytes;
  private final long[] used;
  private final long[] unused;
  private final BitSet kept = new BitSet();
  // Not told by bytes: an index may say that a blob has none.
  private final BitSet usedPacks = new BitSet();
  private final BitSet unread = new BitSet();
  private final BitSet withCopies = new BitSet();
  private final BitSet wanted = new BitSet();
  private long lostData;
  private String firstLost = "";
  private String lostTree = "";

  private PackUse(
      PackStock stock, NeededBlobs needed, BitSet leaving, BitSet fixed, Copies copies) {
    this.stock = stock;
    this.needed = needed;
    this.leaving = leaving;
    this.fixed = fixed;
    this.copies = copies;
    this.neededBytes = new long[stock.packs()];
    this.unneededBytes = new long[stock.packs()];
    this.used = new long[stock.packs()];
    this.unused = new long[stock.packs()];
  }

  /**
   * Chooses.
   *
   * @param leaving packs that shall go if they can
   * @param fixed packs that cannot be removed
   * @param copies which of them were read
   */
  static PackUse of(
      PackStock stock, NeededBlobs needed, BitSet leaving, BitSet fixed, Copies copies) {
    PackUse use = new PackUse(stock, needed, leaving, fixed, copies);
    use.weigh();
    use.choose(use.ranks());
    use.sum();
    return use;
  }

  /** Chooses again, after copies were read. */
  PackUse again() {
    return of(stock, needed, leaving, fixed, copies);
  }

  /** The same, but where no copy was read that stays, all copies stay. */
  PackUse cautious() {
    for (int place = unread.nextSetBit(0); place >= 0; place = unread.nextSetBit(place + 1)) {
      keepAll(index().firstPlace(place));
    }
    Arrays.fill(used, 0);
    Arrays.fill(unused, 0);
    withCopies.clear();
    sum();
    return this;
  }

  private BlobIndex index() {
    return stock.index();
  }

  private void weigh() {
    for (int place = 0; place < stock.places(); place++) {
      if (!stock.repeats(place)) {
        boolean isNeeded = needed.contains(index().firstPlace(place));
        (isNeeded ? neededBytes : unneededBytes)[index().packAt(place)] +=
            index().blobAt(place).length();
      }
    }
  }

  private int[] ranks() {
    Comparator<Integer> order =
        Comparator.comparing((Integer pack) -> stock.isWrong(pack))
            .thenComparing(pack -> !fixed.get(pack))
            .thenComparing(pack -> leaving.get(pack))
            .thenComparing(stock::isMixed)
            .thenComparing(pack -> unneededBytes[pack] > 0)
            .thenComparing(pack -> -neededBytes[pack])
            .thenComparing(pack -> pack);
    int[] sorted =
        IntStream.range(0, stock.packs()).boxed().sorted(order).mapToInt(pack -> pack).toArray();
    int[] ranks = new int[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      ranks[sorted[i]] = i;
    }
    return ranks;
  }

  private void choose(int[] ranks) {
    for (int first = 0; first < stock.places(); first++) {
      if (!needed.contains(first)) {
        continue;
      }
      int best = best(first, ranks);
      if (best >= 0) {
        kept.set(best);
      } else if (!keepAll(first)) {
        lose(first);
      }
    }
  }

  /** The copy that stays, or -1 if there is none that could be whole. */
  private int best(int first, int[] ranks) {
    int best = -1;
    boolean several = false;
    for (int place = first; isKnown(place); place = index().nextPlace(place)) {
      int pack = index().packAt(place);
      if (stock.isPresent(pack) && !copies.isBad(place)) {
        several |= best >= 0 && pack != index().packAt(best);
        best = best < 0 || isBetter(place, best, ranks) ? place : best;
      }
    }
    if (several && !copies.isRead(best)) {
      unread.set(best);
    }
    return best;
  }

  private boolean isBetter(int place, int other, int[] ranks) {
    if (copies.isRead(place) != copies.isRead(other)) {
      return copies.isRead(place);
    }
    return ranks[index().packAt(place)] < ranks[index().packAt(other)];
  }

  /** Keeps every copy that is there; false if there is none. Bad ones may be healed. */
  private boolean keepAll(int first) {
    boolean any = false;
    for (int place = first; isKnown(place); place = index().nextPlace(place)) {
      if (stock.isPresent(index().packAt(place)) && !stock.repeats(place)) {
        kept.set(place);
        any = true;
      }
    }
    return any;
  }

  /** The index may have grown since stock was taken. */
  private boolean isKnown(int place) {
    return place >= 0 && place < stock.places();
  }

  private void lose(int first) {
    PackEntry blob = index().blobAt(first);
    if (blob.type() == BlobType.TREE) {
      lostTree = blob.id().hex();
    } else if (lostData++ == 0) {
      firstLost = blob.id().hex();
    }
    for (int place = first; isKnown(place); place = index().nextPlace(place)) {
      wanted.set(index().packAt(place));
    }
  }

  private void sum() {
    for (int place = 0; place < stock.places(); place++) {
      if (stock.repeats(place)) {
        continue;
      }
      int pack = index().packAt(place);
      long length = index().blobAt(place).length();
      if (kept.get(place)) {
        usedPacks.set(pack);
        used[pack] += length;
      } else {
        unused[pack] += length;
        if (needed.contains(index().firstPlace(place))) {
          withCopies.set(pack);
        }
      }
    }
  }

  PackStock stock() {
    return stock;
  }

  /** The places that stay. */
  BitSet kept() {
    return kept;
  }

  /** Bytes of a pack that stay for a snapshot. */
  long used(int pack) {
    return used[pack];
  }

  /** Bytes of a pack that nobody needs there. */
  long unused(int pack) {
    return unused[pack];
  }

  /** Whether something in the pack stays for a snapshot. */
  boolean isUsed(int pack) {
    return usedPacks.get(pack);
  }

  /** Copies that stay, as of now, and that nobody has read, while there are others. */
  BitSet unread() {
    return unread;
  }

  /** Whether the pack is there, nobody needs it, and it can be removed. */
  boolean isFree(int pack) {
    return stock.isPresent(pack)
        && !usedPacks.get(pack)
        && !fixed.get(pack)
        && !(stock.isWrong(pack) && isIncomplete());
  }

  /** Whether something is missing, which may be in a pack of which an index lists but a part. */
  private boolean isIncomplete() {
    return lostData > 0 || needed.missing() > 0;
  }

  boolean isFixed(int pack) {
    return fixed.get(pack);
  }

  /** Whether the pack shall go if it can. */
  boolean isLeaving(int pack) {
    return leaving.get(pack);
  }

  /** Whether the pack holds blobs of which another copy stays. */
  boolean holdsCopies(int pack) {
    return withCopies.get(pack);
  }

  /** Whether the pack is gone and held something that is needed. */
  boolean isWanted(int pack) {
    return wanted.get(pack);
  }

  /** How many needed pieces of files lie only in packs that are gone. */
  long lostData() {
    return lostData;
  }

  /** One of them. */
  String firstLost() {
    return firstLost;
  }

  /** A needed directory that lies only in packs that are gone; empty if there is none. */
  String lostTree() {
    return lostTree;
  }
}
