/**
 * Buckets that speak the S3 protocol as targets.
 *
 * <p>{@link dev.copperplate.backup.s3.S3Target} keeps a repository in a bucket; {@link
 * dev.copperplate.backup.s3.S3Preflight} looks before that whether the bucket is a safe place;
 * {@link dev.copperplate.backup.s3.S3Policies} says who may do what there; {@link
 * dev.copperplate.backup.s3.S3Recovery} brings it back after an attack. What stores do differently
 * stands in {@code docs/s3-stores.md}.
 */
@NullMarked
package dev.copperplate.backup.s3;

import org.jspecify.annotations.NullMarked;
