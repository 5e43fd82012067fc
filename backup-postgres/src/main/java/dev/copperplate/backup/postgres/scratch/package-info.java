/**
 * Servers of our own on directories of our own: the programs, the user that runs them, starting,
 * waiting and ending. Not for users: public to the rest of this module only, and free to change.
 */
@NullMarked
package dev.copperplate.backup.postgres.scratch;

import org.jspecify.annotations.NullMarked;
