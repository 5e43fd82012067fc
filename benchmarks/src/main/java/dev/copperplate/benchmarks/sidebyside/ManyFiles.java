package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Very many files of a kilobyte of random bytes, a thousand in a directory: each is a blob of its
 * own. The names of the directories end in {@code .even} and {@code .odd} in turn, so that a
 * pattern leaves out half of them.
 *
 * @param files how many
 */
record ManyFiles(int files) implements DataSet {

  /** What matches every second directory. */
  static final String EVERY_SECOND = "*.odd";

  private static final int IN_DIRECTORY = 1000;
  private static final int BYTES = 1000;
  private static final long SEED = 5;

  @Override
  public String name() {
    return "million";
  }

  @Override
  public String title() {
    return Decimal.count(files) + " files of 1 KB";
  }

  @Override
  public String parameters() {
    return files + " files of " + BYTES + " bytes, " + inDirectory() + " each, seed " + SEED;
  }

  @Override
  public void make(Path directory) throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] bytes = new byte[BYTES];
    for (int file = 0; file < files; file++) {
      int number = file / inDirectory();
      Path in = directory.resolve("directory" + number + (number % 2 == 0 ? ".even" : ".odd"));
      Files.createDirectories(in);
      random.nextBytes(bytes);
      Files.write(in.resolve("file" + file), bytes);
    }
  }

  /** A small set has two directories at least. */
  private int inDirectory() {
    return Math.min(IN_DIRECTORY, Math.max(1, files / 2));
  }
}
