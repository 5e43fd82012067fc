/**
 * Dumps that pg_dump wrote before, on their way into a repository. For the other packages of this
 * module, not for users.
 */
@NullMarked
package dev.copperplate.backup.postgres.dumpfile;

import org.jspecify.annotations.NullMarked;
