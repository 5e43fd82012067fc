/**
 * A proxy for TCP that fails as networks, gateways and overloaded servers do, to be put before any
 * server: a store, a database, a broker.
 *
 * <p>{@link dev.copperplate.backup.testkit.network.FaultProxy} is where to begin.
 */
@NullMarked
package dev.copperplate.backup.testkit.network;

import org.jspecify.annotations.NullMarked;
