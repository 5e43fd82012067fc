/**
 * Paths and documents of a snapshot of topics. For the classes of this module; users have no
 * business here.
 */
@NullMarked
package dev.copperplate.backup.kafka.layout;

import org.jspecify.annotations.NullMarked;
