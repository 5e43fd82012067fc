package dev.copperplate.benchmarks.sidebyside;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Large files of database rows as text.
 *
 * @param bytes of all files together; the last row of each file is cut off
 */
record OrderRows(long bytes) implements DataSet {

  private static final int FILES = 4;
  private static final int BUFFER = 1 << 16;
  private static final long SEED = 2;

  @Override
  public String name() {
    return "rows";
  }

  @Override
  public String title() {
    return Decimal.bytes(bytes) + " of database rows as text in " + FILES + " files";
  }

  @Override
  public String parameters() {
    return FILES + " files, " + bytes + " bytes, seed " + SEED;
  }

  @Override
  public void make(Path directory) throws IOException {
    Files.createDirectories(directory);
    OrderText text = new OrderText(new SplittableRandom(SEED));
    for (int file = 0; file < FILES; file++) {
      Path path = directory.resolve("orders." + file + ".copy");
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), BUFFER)) {
        write(text, bytes / FILES, out);
      }
    }
  }

  /** Writes rows until so many bytes are written, the last row perhaps in part. */
  static void write(OrderText text, long bytes, OutputStream out) throws IOException {
    long left = bytes;
    while (left > 0) {
      byte[] row = text.next();
      out.write(row, 0, (int) Math.min(left, row.length));
      left -= row.length;
    }
  }
}
