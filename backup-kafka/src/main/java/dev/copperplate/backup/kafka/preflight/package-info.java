/** What a preflight looks at in a cluster. For the root package, not for users. */
@NullMarked
package dev.copperplate.backup.kafka.preflight;

import org.jspecify.annotations.NullMarked;
