/**
 * The write-ahead log, received all the time and committed every minute. For the root package of
 * this module, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.archive;

import org.jspecify.annotations.NullMarked;
