package dev.copperplate.benchmarks.sidebyside;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Many small files, some of text and some random, a hundred in a directory.
 *
 * @param name of the set; sets with the same seed have the same bytes
 * @param files how many
 * @param seed of sizes and bytes
 */
record SmallFiles(String name, int files, long seed) implements DataSet {

  private static final int IN_DIRECTORY = 100;
  private static final int LEAST = 200;
  private static final int MOST = 16 << 10;

  @Override
  public String title() {
    return Decimal.count(files) + " files of " + LEAST + " bytes to 16 KiB";
  }

  @Override
  public String parameters() {
    return files + " files, " + LEAST + " to " + MOST + " bytes, seed " + seed;
  }

  @Override
  public void make(Path directory) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    OrderText text = new OrderText(random.split());
    for (int file = 0; file < files; file++) {
      Path in = directory.resolve("directory" + file / IN_DIRECTORY);
      Files.createDirectories(in);
      int size = random.nextInt(LEAST, MOST + 1);
      Path path = in.resolve("file" + file);
      if (random.nextBoolean()) {
        writeText(path, size, text);
      } else {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        Files.write(path, bytes);
      }
    }
  }

  private static void writeText(Path path, int size, OrderText text) throws IOException {
    try (var out = new BufferedOutputStream(Files.newOutputStream(path), MOST)) {
      OrderRows.write(text, size, out);
    }
  }
}
