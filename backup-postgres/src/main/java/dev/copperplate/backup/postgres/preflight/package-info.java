/** What a preflight looks at on a server. For the root package, not for users. */
@NullMarked
package dev.copperplate.backup.postgres.preflight;

import org.jspecify.annotations.NullMarked;
