package dev.copperplate.backup.repository.prune;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Which packs shall go: those that nobody needs, and those of which what is needed is stored anew.
 *
 * <p>Stored anew are packs that mix directories and data, packs that hold copies of what stays
 * elsewhere, those that rustic has marked for deletion, small packs if there are many of them, and
 * as many of the partly used ones, those with the largest unused share first, as it takes to get
 * below the allowed unused share.
 */
public final class PrunePlan {

  /** A pack below this is small: a quarter of the size at which packs are closed. */
  private static final long SMALL = 4L << 20;

  /** So many small packs of one kind are made into few. */
  private static final int MANY = 8;

  private final PackUse use;
  private final PackStock stock;
  private final BitSet free = new BitSet();
  private final BitSet repack = new BitSet();

  private PrunePlan(PackUse use) {
    this.use = use;
    this.stock = use.stock();
  }

  static PrunePlan of(PackUse use, double maxUnused) {
    PrunePlan plan = new PrunePlan(use);
    for (int pack = 0; pack < plan.stock.packs(); pack++) {
      if (use.isFree(pack)) {
        plan.free.set(pack);
      } else if (plan.isMovable(pack) && plan.isMisplaced(pack)) {
        plan.repack.set(pack);
      }
    }
    plan.repackUnused(maxUnused);
    plan.repackSmall(true);
    plan.repackSmall(false);
    return plan;
  }

  /** Whether the pack is there, may be removed, and what is in it is where the index says. */
  private boolean isMovable(int pack) {
    return stock.isPresent(pack) && !use.isFixed(pack) && !stock.isWrong(pack);
  }

  private boolean isMisplaced(int pack) {
    return stock.isMixed(pack) || use.holdsCopies(pack) || use.isLeaving(pack);
  }

  private boolean isCandidate(int pack) {
    return isMovable(pack) && !free.get(pack) && !repack.get(pack);
  }

  private void repackUnused(double maxUnused) {
    List<Integer> partly = new ArrayList<>();
    long unused = 0;
    long total = 0;
    for (int pack = 0; pack < stock.packs(); pack++) {
      if (!isMovable(pack) || free.get(pack)) {
        continue;
      }
      total += use.used(pack);
      if (!repack.get(pack)) {
        unused += use.unused(pack);
        total += use.unused(pack);
        if (use.unused(pack) > 0) {
          partly.add(pack);
        }
      }
    }
    partly.sort(Comparator.comparingDouble(this::unusedShare).reversed());
    for (int pack : partly) {
      if (unused <= maxUnused * total) {
        return;
      }
      repack.set(pack);
      unused -= use.unused(pack);
      total -= use.unused(pack);
    }
  }

  private double unusedShare(int pack) {
    return (double) use.unused(pack) / (use.unused(pack) + use.used(pack));
  }

  private void repackSmall(boolean trees) {
    BitSet small = new BitSet();
    for (int pack = 0; pack < stock.packs(); pack++) {
      small.set(
          pack, isCandidate(pack) && stock.holdsTrees(pack) == trees && stock.size(pack) < SMALL);
    }
    if (small.cardinality() >= MANY) {
      repack.or(small);
    }
  }

  /** Packs that nobody needs. */
  public BitSet free() {
    return free;
  }

  /** Packs of which a part is stored anew. */
  public BitSet repack() {
    return repack;
  }

  /** Bytes that are stored anew. */
  public long repackBytes() {
    return repack.stream().mapToLong(use::used).sum();
  }

  /** Bytes of all packs that shall go. */
  public long goingBytes() {
    return free.stream().mapToLong(stock::size).sum()
        + repack.stream().mapToLong(stock::size).sum();
  }

  /** Bytes that stay although nobody needs them. */
  public long unusedBytes() {
    long unused = 0;
    for (int pack = 0; pack < stock.packs(); pack++) {
      if (stock.isPresent(pack)
          && !stock.isRetained(pack)
          && !free.get(pack)
          && !repack.get(pack)) {
        unused += use.unused(pack);
      }
    }
    return unused;
  }
}
