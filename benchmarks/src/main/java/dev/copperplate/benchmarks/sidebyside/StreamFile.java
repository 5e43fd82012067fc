package dev.copperplate.benchmarks.sidebyside;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * One very large file, half of it random bytes and half database rows, in turn.
 *
 * @param bytes of the file
 */
record StreamFile(long bytes) implements DataSet {

  private static final int STRETCH = 1 << 18;
  private static final long SEED = 3;

  @Override
  public String name() {
    return "stream";
  }

  @Override
  public String title() {
    return Decimal.bytes(bytes) + " in one file, half random bytes, half rows";
  }

  @Override
  public String parameters() {
    return bytes + " bytes in stretches of " + STRETCH + ", seed " + SEED;
  }

  @Override
  public void make(Path directory) throws IOException {
    Files.createDirectories(directory);
    SplittableRandom random = new SplittableRandom(SEED);
    OrderText text = new OrderText(random.split());
    byte[] noise = new byte[STRETCH];
    Path path = directory.resolve("stream");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), STRETCH)) {
      boolean rows = false;
      for (long left = bytes; left > 0; left -= STRETCH) {
        int now = (int) Math.min(left, STRETCH);
        if (rows) {
          OrderRows.write(text, now, out);
        } else {
          random.nextBytes(noise);
          out.write(noise, 0, now);
        }
        rows = !rows;
      }
    }
  }
}
