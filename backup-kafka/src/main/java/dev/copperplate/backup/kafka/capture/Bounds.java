package dev.copperplate.backup.kafka.capture;

/**
 * What a broker had of a partition when the capture began.
 *
 * @param start the first offset of its log
 * @param stable the last stable offset, behind the last record that is decided
 * @param epoch of its leader; -1 if the broker does not tell
 */
record Bounds(long start, long stable, int epoch) {}
