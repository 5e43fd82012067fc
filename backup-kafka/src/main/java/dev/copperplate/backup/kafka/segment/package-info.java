/**
 * Puts partitions of a snapshot into the log directory of a stopped broker. For the classes of this
 * module; users have no business here.
 */
@NullMarked
package dev.copperplate.backup.kafka.segment;

import org.jspecify.annotations.NullMarked;
