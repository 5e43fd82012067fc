/** Takes snapshots of topics. For the classes of this module; users have no business here. */
@NullMarked
package dev.copperplate.backup.kafka.capture;

import org.jspecify.annotations.NullMarked;
