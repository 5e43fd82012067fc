package dev.copperplate.backup.kafka.layout;

/**
 * A transaction whose records no consumer may see.
 *
 * @param producer its producer's id
 * @param first the first offset of its records that are stored
 * @param marker the offset of the marker that ends it
 */
public record AbortedTransaction(long producer, long first, long marker) {

  public AbortedTransaction {
    if (first < 0 || marker < first) {
      throw new IllegalArgumentException("No transaction from " + first + " to " + marker);
    }
  }
}
