/**
 * Brings topics back into a cluster. For the classes of this module; users have no business here.
 */
@NullMarked
package dev.copperplate.backup.kafka.replay;

import org.jspecify.annotations.NullMarked;
