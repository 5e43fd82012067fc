package dev.copperplate.backup.s3;

import java.time.Duration;

/**
 * What a store says of a bucket.
 *
 * @param history it has versions, perhaps of a time when it still kept new ones
 * @param versions it keeps what is overwritten or deleted
 * @param locks objects can be locked
 * @param ahead how far the store's clock is before ours, to a second; zero if it does not tell
 */
record BucketFacts(boolean history, boolean versions, boolean locks, Duration ahead) {}
