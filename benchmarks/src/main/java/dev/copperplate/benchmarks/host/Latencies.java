package dev.copperplate.benchmarks.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * How late requests were, in nanoseconds behind the moment when each was due.
 *
 * @param answered when the whole answer was there
 * @param sent when it was sent: what the client itself adds
 */
record Latencies(long[] answered, long[] sent) {

  static final Latencies NONE = new Latencies(new long[0], new long[0]);

  Latencies {
    if (answered.length != sent.length) {
      throw new IllegalArgumentException(answered.length + " answers to " + sent.length);
    }
  }

  /** These and others. */
  Latencies and(Latencies more) {
    return new Latencies(joined(answered, more.answered), joined(sent, more.sent));
  }

  private static long[] joined(long[] one, long[] other) {
    return LongStream.concat(Arrays.stream(one), Arrays.stream(other)).toArray();
  }

  int count() {
    return answered.length;
  }

  /**
   * The latency of answers that so many percent do not exceed, in milliseconds; 100 is the most.
   */
  double percentile(double percent) {
    return percentile(answered, percent);
  }

  /** The same of the sending. */
  double sentPercentile(double percent) {
    return percentile(sent, percent);
  }

  /** Nearest rank: one of the values, never one between them. */
  private static double percentile(long[] nanos, double percent) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }

  void write(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES * count());
    bytes.asLongBuffer().put(answered).put(sent);
    Files.write(file, bytes.array());
  }

  static Latencies read(Path file) throws IOException {
    LongBuffer longs = ByteBuffer.wrap(Files.readAllBytes(file)).asLongBuffer();
    long[] answered = new long[longs.remaining() / 2];
    long[] sent = new long[answered.length];
    longs.get(answered).get(sent);
    return new Latencies(answered, sent);
  }
}
