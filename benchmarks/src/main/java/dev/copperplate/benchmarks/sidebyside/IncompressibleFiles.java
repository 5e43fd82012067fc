package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Large files of random bytes.
 *
 * @param bytes of all files together
 */
record IncompressibleFiles(long bytes) implements DataSet {

  private static final int FILES = 4;
  private static final int BUFFER = 1 << 16;
  private static final long SEED = 1;

  @Override
  public String name() {
    return "incompressible";
  }

  @Override
  public String title() {
    return Decimal.bytes(bytes) + " of random bytes in " + FILES + " files";
  }

  @Override
  public String parameters() {
    return FILES + " files, " + bytes + " bytes, seed " + SEED;
  }

  @Override
  public void make(Path directory) throws IOException {
    Files.createDirectories(directory);
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] buffer = new byte[BUFFER];
    for (int file = 0; file < FILES; file++) {
      try (OutputStream out = Files.newOutputStream(directory.resolve("random." + file))) {
        for (long left = bytes / FILES; left > 0; left -= buffer.length) {
          random.nextBytes(buffer);
          out.write(buffer, 0, (int) Math.min(left, buffer.length));
        }
      }
    }
  }
}
