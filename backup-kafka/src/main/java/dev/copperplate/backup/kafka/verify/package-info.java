/**
 * Looks whether snapshots of topics are whole, and what they and a cluster have of each other. For
 * the classes of this module; users have no business here.
 */
@NullMarked
package dev.copperplate.backup.kafka.verify;

import org.jspecify.annotations.NullMarked;
