/**
 * Reads what a snapshot of topics holds, without a broker. For the classes of this module; users
 * have no business here.
 */
@NullMarked
package dev.copperplate.backup.kafka.read;

import org.jspecify.annotations.NullMarked;
