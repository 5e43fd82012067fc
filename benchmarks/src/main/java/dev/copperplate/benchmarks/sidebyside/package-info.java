/**
 * Whole programs side by side: stock restic and the samples do the same work on the same data.
 *
 * <p>{@link dev.copperplate.benchmarks.sidebyside.SideBySide} is the program; {@code
 * benchmarks/README.md} explains the method.
 */
@NullMarked
package dev.copperplate.benchmarks.sidebyside;

import org.jspecify.annotations.NullMarked;
