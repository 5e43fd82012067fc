package dev.copperplate.backup.kafka.segment;

/**
 * What stands in the directory of a partition now.
 *
 * @param files segments
 * @param bytes of all of them
 * @param from the first offset that counts
 * @param end the offset behind all
 */
record RestoredLog(int files, long bytes, long from, long end) {}
