package dev.copperplate.benchmarks.sidebyside;

/**
 * One run of one program.
 *
 * @param seconds from its start to its end
 * @param cpuSeconds of the processor, in the program and in the system for it
 * @param peakBytes of memory that it had at once
 * @param storedBytes of the repository afterwards, or 0 where the work is not to store
 */
record Measurement(double seconds, double cpuSeconds, long peakBytes, long storedBytes) {

  Measurement stored(long bytes) {
    return new Measurement(seconds, cpuSeconds, peakBytes, bytes);
  }
}
