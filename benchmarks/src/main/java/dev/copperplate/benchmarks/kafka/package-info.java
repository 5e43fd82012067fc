/** Captures of topics, each in a process of its own, to be timed from outside. */
@NullMarked
package dev.copperplate.benchmarks.kafka;

import org.jspecify.annotations.NullMarked;
