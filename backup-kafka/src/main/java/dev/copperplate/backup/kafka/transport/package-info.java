/**
 * Carries whole record batches between brokers and the rest of the module. For the classes of this
 * module; users have no business here.
 */
@NullMarked
package dev.copperplate.backup.kafka.transport;

import org.jspecify.annotations.NullMarked;
