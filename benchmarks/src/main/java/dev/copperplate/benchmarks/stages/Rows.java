package dev.copperplate.benchmarks.stages;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Orders of a shop, a line each, as PostgreSQL's COPY writes them: ids that count up, times, a few
 * words that come often, numbers and digits that are random.
 */
final class Rows {

  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final int LONGEST_LINE = 512;
  private static final int CUSTOMERS = 200_000;
  private static final String[] STATES = {"new", "paid", "packed", "shipped", "returned"};
  private static final String[] CURRENCIES = {"EUR", "USD", "CHF"};
  private static final String[] WORDS = {
    "please", "deliver", "before", "noon", "leave", "with", "neighbour", "ring", "twice", "gift",
    "fragile", "second", "floor", "call", "first", "no", "substitutes", "invoice", "by", "mail"
  };

  private final SplittableRandom random;
  private long id = 1_000_000;
  private Instant time = FIRST;

  Rows(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The next rows, the last one cut off. */
  byte[] bytes(int size) {
    StringBuilder text = new StringBuilder(size + LONGEST_LINE);
    while (text.length() < size) {
      appendRow(text);
    }
    return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), size);
  }

  private void appendRow(StringBuilder text) {
    id++;
    time = time.plusMillis(random.nextInt(5_000));
    text.append(id).append('\t').append(random.nextInt(CUSTOMERS)).append('\t').append(time);
    text.append('\t').append(oneOf(STATES)).append('\t').append(oneOf(CURRENCIES));
    text.append('\t').append(random.nextInt(500)).append('.').append(10 + random.nextInt(90));
    text.append('\t').append(HexFormat.of().toHexDigits(random.nextLong())).append('\t');
    for (int words = random.nextInt(6); words >= 0; words--) {
      text.append(oneOf(WORDS)).append(' ');
    }
    text.append('\n');
  }

  private String oneOf(String[] choices) {
    return choices[random.nextInt(choices.length)];
  }
}
