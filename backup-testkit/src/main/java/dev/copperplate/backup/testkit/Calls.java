package dev.copperplate.backup.testkit;

import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Says which operations of a {@link HostileTarget} a fault befalls: {@code
 * Calls.puts("data/").nth(3)} is the third put of a pack. Immutable; whoever is given one counts
 * for itself.
 */
public final class Calls {

  private final Predicate<Operation> which;
  private final long first;
  private final long last;
  private final double share;
  private final long seed;

  private Calls(Predicate<Operation> which, long first, long last, double share, long seed) {
    this.which = which;
    this.first = first;
    this.last = last;
    this.share = share;
    this.seed = seed;
  }

  /** Those that a predicate chooses, all of them. */
  public static Calls that(Predicate<Operation> which) {
    return new Calls(which, 1, Long.MAX_VALUE, 1, 0);
  }

  /** Every operation. */
  public static Calls any() {
    return that(operation -> true);
  }

  /** Puts of keys that start so. */
  public static Calls puts(String prefix) {
    return of(Operation.Kind.PUT, prefix);
  }

  /** Reads of keys that start so. */
  public static Calls reads(String prefix) {
    return of(Operation.Kind.READ, prefix);
  }

  /** Listings whose prefix starts so. */
  public static Calls lists(String prefix) {
    return of(Operation.Kind.LIST, prefix);
  }

  /** Deletions of keys that start so, each key one. */
  public static Calls deletes(String prefix) {
    return of(Operation.Kind.DELETE, prefix);
  }

  /** Retention of keys that start so, each key one. */
  public static Calls retains(String prefix) {
    return of(Operation.Kind.RETAIN, prefix);
  }

  private static Calls of(Operation.Kind kind, String prefix) {
    return that(operation -> operation.kind() == kind && operation.name().startsWith(prefix));
  }

  /** Of these the n-th alone, counted from 1. */
  public Calls nth(long number) {
    return between(number, number);
  }

  /** Of these the first ones. */
  public Calls first(long count) {
    return between(1, count);
  }

  /** Of these the n-th and all later ones. */
  public Calls from(long number) {
    return between(number, Long.MAX_VALUE);
  }

  private Calls between(long from, long to) {
    if (from < 1 || to < from) {
      throw new IllegalArgumentException("Calls are counted from 1: " + from + " to " + to);
    }
    return new Calls(which, from, to, share, seed);
  }

  /**
   * Of these a share, by chance that the seed decides: the same for the same operations in the same
   * order.
   *
   * @param part from 0 to 1
   */
  public Calls share(double part, long chance) {
    return new Calls(which, first, last, part, chance);
  }

  /** Decides, operation by operation, and counts. Not thread-safe. */
  Predicate<Operation> counting() {
    SplittableRandom random = new SplittableRandom(seed);
    long[] met = {0};
    return operation -> {
      if (!which.test(operation)) {
        return false;
      }
      met[0]++;
      return met[0] >= first && met[0] <= last && (share >= 1 || random.nextDouble() < share);
    };
  }
}
