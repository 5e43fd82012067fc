package dev.copperplate.backup.testkit.s3;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Says which requests a fault befalls: {@code S3Calls.of("PutObject").nth(3)}. Immutable; whoever
 * is given one counts for itself.
 */
public final class S3Calls {

  private final Predicate<S3Request> which;
  private final long first;
  private final long last;

  private S3Calls(Predicate<S3Request> which, long first, long last) {
    this.which = which;
    this.first = first;
    this.last = last;
  }

  /** Those that a predicate chooses, all of them. */
  public static S3Calls that(Predicate<S3Request> which) {
    return new S3Calls(which, 1, Long.MAX_VALUE);
  }

  /** Every request. */
  public static S3Calls any() {
    return that(request -> true);
  }

  /** Those of an operation, or of several, as the API calls them. */
  public static S3Calls of(String... operations) {
    List<String> names = List.of(operations);
    return that(request -> names.contains(request.operation()));
  }

  /** Of these the ones whose key begins so. */
  public S3Calls below(String prefix) {
    return new S3Calls(which.and(request -> request.key().startsWith(prefix)), first, last);
  }

  /** Of these the n-th alone, counted from 1. */
  public S3Calls nth(long number) {
    return between(number, number);
  }

  /** Of these the first ones. */
  public S3Calls first(long count) {
    return between(1, count);
  }

  /** Of these the n-th and all later ones. */
  public S3Calls from(long number) {
    return between(number, Long.MAX_VALUE);
  }

  private S3Calls between(long from, long to) {
    if (from < 1 || to < from) {
      throw new IllegalArgumentException("Calls are counted from 1: " + from + " to " + to);
    }
    return new S3Calls(which, from, to);
  }

  /** Decides, request by request, and counts. Thread-safe. */
  Predicate<S3Request> counting() {
    AtomicLong met = new AtomicLong();
    return request -> {
      if (!which.test(request)) {
        return false;
      }
      long number = met.incrementAndGet();
      return number >= first && number <= last;
    };
  }
}
