package dev.copperplate.benchmarks.sidebyside;

import java.util.Locale;

/** Numbers for a person to read, with a point in every locale. */
final class Decimal {

  private static final double THOUSAND = 1000;
  private static final double MEBIBYTE = 1 << 20;

  private Decimal() {}

  /** Such as {@code 12.3 MB}: powers of a thousand. */
  static String bytes(long bytes) {
    double value = (double) bytes;
    int unit = 0;
    while (value >= THOUSAND) {
      value /= THOUSAND;
      unit++;
    }
    String unitName = unit == 0 ? "B" : "kMGTPE".charAt(unit - 1) + "B";
    return String.format(Locale.ROOT, value % 1 == 0 ? "%.0f %s" : "%.1f %s", value, unitName);
  }

  /** Such as {@code 50,000}: how many. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Such as {@code 12.34}: seconds. */
  static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.2f", seconds);
  }

  /** Such as {@code 1.07}: how many times as much. */
  static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  /** Such as {@code 123}: mebibytes. */
  static String mebibytes(double bytes) {
    return String.format(Locale.ROOT, "%.0f", bytes / MEBIBYTE);
  }

  /** Such as {@code 1501.2}: megabytes, a million bytes each. */
  static String megabytes(double bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / THOUSAND / THOUSAND);
  }
}
