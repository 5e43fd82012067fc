package dev.copperplate.backup.kafka.batch;

/**
 * A transaction that is not yet decided.
 *
 * @param firstOffset of its records in the partition
 */
public record OpenTransaction(long producerId, long firstOffset) {}
