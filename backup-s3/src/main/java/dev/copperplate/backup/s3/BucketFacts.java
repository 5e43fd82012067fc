package dev.copperplate.backup.s3;

/**
 * What a store says it does with a bucket.
 *
 * @param history it has versions, perhaps of a time when it still kept new ones
 * @param versions it keeps what is overwritten or deleted
 * @param locks objects can be locked
 */
record BucketFacts(boolean history, boolean versions, boolean locks) {}
