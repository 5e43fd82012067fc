package dev.copperplate.backup.kafka.transport;

import java.time.Duration;

/**
 * Bounds of a transport.
 *
 * @param fetchBytes how much is asked for at once, in bytes; a batch that is larger comes alone. Up
 *     to two answers of that size are in memory
 * @param largestBatch the size in bytes of the largest batch that is taken
 * @param patience how long a call goes on without any progress; waiting that the broker orders to
 *     keep a quota does not count
 */
public record TransportOptions(int fetchBytes, int largestBatch, Duration patience) {

  /** 8 MiB at once, batches of up to 128 MiB, two minutes. */
  public static final TransportOptions DEFAULTS =
      new TransportOptions(8 << 20, 128 << 20, Duration.ofMinutes(2));

  /** What an answer holds besides batches: a list of aborted transactions, 17 bytes each. */
  private static final int BESIDES = 4 << 20;

  public TransportOptions {
    if (fetchBytes < 1 || fetchBytes > Integer.MAX_VALUE - BESIDES) {
      throw new IllegalArgumentException("Bytes of a fetch: " + fetchBytes);
    }
    if (largestBatch < 1 || largestBatch > Integer.MAX_VALUE - BESIDES) {
      throw new IllegalArgumentException("Bytes of the largest batch: " + largestBatch);
    }
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("Patience: " + patience);
    }
  }

  public TransportOptions withFetchBytes(int bytes) {
    return new TransportOptions(bytes, largestBatch, patience);
  }

  public TransportOptions withLargestBatch(int bytes) {
    return new TransportOptions(fetchBytes, bytes, patience);
  }

  public TransportOptions withPatience(Duration limit) {
    return new TransportOptions(fetchBytes, largestBatch, limit);
  }

  int answerLimit() {
    return Math.max(fetchBytes, largestBatch) + BESIDES;
  }
}
