package dev.copperplate.benchmarks.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;

/** Events of orders as JSON, 1 KiB each, the same in every run: names repeat, numbers do not. */
final class OrderEvents {

  private static final int SIZE = 1024;
  private static final String[] STATUSES = {"created", "paid", "packed", "shipped", "delivered"};
  private static final String[] CITIES = {
    "Amsterdam", "Barcelona", "Copenhagen", "Dortmund", "Edinburgh", "Florence", "Gothenburg"
  };

  private final SplittableRandom random = new SplittableRandom(17);

  /** The value of the next record. */
  byte[] next(long number) {
    StringBuilder json = new StringBuilder(SIZE + 100);
    json.append("{\"order\":").append(number);
    json.append(",\"customer\":").append(random.nextInt(1_000_000));
    json.append(",\"status\":\"").append(one(STATUSES));
    json.append("\",\"city\":\"").append(one(CITIES));
    json.append("\",\"signature\":\"");
    for (int i = 0; i < 16; i++) {
      json.append(hex());
    }
    json.append("\",\"items\":[");
    while (json.length() < SIZE - 120) {
      json.append("{\"article\":\"").append(hex(), 0, 10);
      json.append("\",\"quantity\":").append(1 + random.nextInt(9));
      json.append(",\"price\":").append(price());
      json.append(",\"currency\":\"EUR\",\"discount\":null},");
    }
    json.append("],\"note\":\"");
    while (json.length() < SIZE - 2) {
      json.append('.');
    }
    return json.append("\"}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  private String hex() {
    return String.format(Locale.ROOT, "%016x", random.nextLong());
  }

  private String price() {
    return String.format(Locale.ROOT, "%d.%02d", random.nextInt(500), random.nextInt(100));
  }
}
