package dev.copperplate.backup.testkit.network;

import java.util.SplittableRandom;

/**
 * Numbers, and of these a share. Whether one is chosen follows from it alone, not from what was
 * asked before, so that threads may ask in any order.
 */
record Selection(long first, long last, double share, long seed) {

  static final Selection ALL = new Selection(Long.MIN_VALUE, Long.MAX_VALUE, 1, 0);

  Selection {
    if (last < first || share < 0 || share > 1) {
      throw new IllegalArgumentException(
          "Nothing that can be chosen: " + first + " to " + last + ", a share of " + share);
    }
  }

  Selection between(long from, long to) {
    if (from < 1) {
      throw new IllegalArgumentException("Counted from 1: " + from);
    }
    return new Selection(from, to, share, seed);
  }

  Selection share(double part, long chance) {
    return new Selection(first, last, part, chance);
  }

  /**
   * @param within what the number belongs to: the chances of others are others
   */
  boolean chooses(long within, long number) {
    return number >= first && number <= last && (share >= 1 || chance(within, number) < share);
  }

  private double chance(long within, long number) {
    long bySeed = new SplittableRandom(seed).nextLong();
    long byPlace = new SplittableRandom(bySeed + within).nextLong();
    return new SplittableRandom(byPlace + number).nextDouble();
  }

  @Override
  public String toString() {
    String range = first == Long.MIN_VALUE ? "any" : first + " to " + last;
    if (first == last) {
      range = Long.toString(first);
    } else if (first != Long.MIN_VALUE && last == Long.MAX_VALUE) {
      range = "from " + first;
    }
    return share >= 1 ? range : range + ", a share of " + share + " by seed " + seed;
  }
}
