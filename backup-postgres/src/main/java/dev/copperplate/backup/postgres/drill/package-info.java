/**
 * What a drill needs once a data directory is restored: a configuration of its own, and the
 * questions that it asks. Not for users: public to the rest of this module only, and free to
 * change.
 */
@NullMarked
package dev.copperplate.backup.postgres.drill;

import org.jspecify.annotations.NullMarked;
