/**
 * Reads logical snapshots for those who bring them back. Their content is hostile: it is compared
 * with what a capture writes, and with its sums, before it counts. For the other packages of this
 * module, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.load;

import org.jspecify.annotations.NullMarked;
