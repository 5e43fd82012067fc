package dev.copperplate.backup.kafka.layout;

/**
 * A transaction that has records in the files and its marker behind them. The last stable offset
 * lies at the first record of a transaction that is open; one that began before it may end behind
 * it.
 *
 * @param producer its producer's id
 * @param first the first offset of its records that are stored
 * @param aborted what became of it
 */
public record UnendedTransaction(long producer, long first, boolean aborted) {}
