/** Which WAL is still needed for recovery. For the other packages of this module, not for users. */
@NullMarked
package dev.copperplate.backup.postgres.retention;

import org.jspecify.annotations.NullMarked;
