/**
 * Brings databases of logical snapshots back: creates them, runs their scripts a statement at a
 * time, and loads rows on several connections. For the root package of this module, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.load.database;

import org.jspecify.annotations.NullMarked;
