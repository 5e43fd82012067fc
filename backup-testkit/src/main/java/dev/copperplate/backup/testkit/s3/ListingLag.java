package dev.copperplate.backup.testkit.s3;

import java.util.function.LongSupplier;

/** How late versions stand in listings, counted in requests to the server. Thread-safe. */
final class ListingLag {

  private final long requests;
  private final LongSupplier arrived;
  private volatile long settled = -1;

  ListingLag(long requests, LongSupplier arrived) {
    this.requests = requests;
    this.arrived = arrived;
  }

  /** What a version has to remember of its beginning. */
  long now() {
    return arrived.getAsLong();
  }

  /** From now on everything that there is so far is listed. */
  void settle() {
    settled = now();
  }

  boolean isListed(long born) {
    return requests == 0 || born <= settled || now() - born > requests;
  }
}
