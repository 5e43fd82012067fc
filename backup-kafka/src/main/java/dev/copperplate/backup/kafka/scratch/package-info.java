/** A broker in this process. For the classes of this module; users have no business here. */
@NullMarked
package dev.copperplate.backup.kafka.scratch;

import org.jspecify.annotations.NullMarked;
