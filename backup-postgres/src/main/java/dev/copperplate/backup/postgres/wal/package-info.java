/**
 * The write-ahead log by its names: segments, timelines, and which ranges of it there are. Nothing
 * in here reads or writes. For the other packages of this module, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.wal;

import org.jspecify.annotations.NullMarked;
