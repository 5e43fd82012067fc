/** How a base backup becomes a snapshot. For the root package, not for users. */
@NullMarked
package dev.copperplate.backup.postgres.capture;

import org.jspecify.annotations.NullMarked;
