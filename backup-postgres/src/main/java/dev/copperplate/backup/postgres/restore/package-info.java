/**
 * How bases and WAL become a data directory that a server starts on. For the other packages of this
 * module, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.restore;

import org.jspecify.annotations.NullMarked;
