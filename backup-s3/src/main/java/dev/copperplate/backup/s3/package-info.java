/** Buckets that speak the S3 protocol as targets. */
@NullMarked
package dev.copperplate.backup.s3;

import org.jspecify.annotations.NullMarked;
