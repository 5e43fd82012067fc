/**
 * A drill: restores into a folder of its own, starts a server with a configuration of its own, and
 * asks it. Not for users: public to the rest of this module only, and free to change.
 */
@NullMarked
package dev.copperplate.backup.postgres.drill;

import org.jspecify.annotations.NullMarked;
