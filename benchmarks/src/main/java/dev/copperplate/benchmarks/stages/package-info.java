/**
 * The stages of the engine alone, each for one thread, under JMH; and their sum, the roofline: how
 * fast a backup could be at most if it did nothing else.
 *
 * <p>Bytes are counted as operations: a score in operations a microsecond is one in MB/s, of
 * 1,000,000 bytes. Start at {@link dev.copperplate.benchmarks.stages.Stages}.
 */
@NullMarked
package dev.copperplate.benchmarks.stages;

import org.jspecify.annotations.NullMarked;
