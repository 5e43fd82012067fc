/**
 * Which snapshots are worth keeping: policies that answer as stock restic's {@code forget} does.
 */
@NullMarked
package dev.copperplate.backup.retention;

import org.jspecify.annotations.NullMarked;
