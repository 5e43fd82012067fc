/** Logical snapshots of PostgreSQL, in a process of their own, to be timed from outside. */
@NullMarked
package dev.copperplate.benchmarks.postgres;

import org.jspecify.annotations.NullMarked;
