/** Whole operations inside one JVM that is warm, as in a service that has run for a while. */
@NullMarked
package dev.copperplate.benchmarks.warm;

import org.jspecify.annotations.NullMarked;
