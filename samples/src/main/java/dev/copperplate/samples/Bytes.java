package dev.copperplate.samples;

import java.time.Duration;
import java.util.Locale;

/** Sizes, times and speeds for a person to read. */
final class Bytes {

  private static final double NANOS = 1e9;
  private static final double MEGA = 1e6;

  private Bytes() {}

  /** Such as {@code 12.3 MB}. */
  static String text(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double value = (double) bytes;
    int unit = -1;
    while (value >= 999.95) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %sB", value, "kMGTPE".charAt(unit));
  }

  /** Such as {@code 1.25 s}. */
  static String text(Duration took) {
    return String.format(Locale.ROOT, "%.2f s", seconds(took));
  }

  /** Such as {@code 140 MB/s}. */
  static String speed(long bytes, Duration took) {
    double rate = (double) bytes / MEGA / Math.max(seconds(took), 1e-3);
    return String.format(Locale.ROOT, "%.0f MB/s", rate);
  }

  private static double seconds(Duration took) {
    return (double) took.toNanos() / NANOS;
  }
}
