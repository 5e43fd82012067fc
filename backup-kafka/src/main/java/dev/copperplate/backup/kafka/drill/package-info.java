/**
 * Restores snapshots of topics onto a broker in this process. For the classes of this module; users
 * have no business here.
 */
@NullMarked
package dev.copperplate.backup.kafka.drill;

import org.jspecify.annotations.NullMarked;
