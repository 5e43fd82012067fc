/** What a backup does to the service in whose JVM it runs. */
@NullMarked
package dev.copperplate.benchmarks.host;

import org.jspecify.annotations.NullMarked;
