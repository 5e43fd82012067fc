package dev.copperplate.backup.kafka.batch;

/**
 * A transaction whose records are not for readers of committed ones: all transactional records of
 * the producer from the first offset up to the marker.
 *
 * @param firstOffset of its records in the partition
 * @param markerOffset of the marker that aborted it
 */
public record AbortedTransaction(long producerId, long firstOffset, long markerOffset) {}
