/**
 * How single tables of a logical snapshot come back into a database that is in use. For the root
 * package of this module, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.load.table;

import org.jspecify.annotations.NullMarked;
