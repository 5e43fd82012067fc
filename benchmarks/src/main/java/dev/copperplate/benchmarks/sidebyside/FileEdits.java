package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Changes of a few files of a tree: the number in the first eight bytes becomes one more. So a file
 * keeps its length, and what it becomes was never stored before. Always the same files are chosen;
 * compared with a snapshot of the tree in any earlier state, these have changed and no others.
 */
final class FileEdits {

  private static final long SEED = 6;

  private FileEdits() {}

  /** The files of a tree that are changed, one at least. */
  static List<Path> chosen(Path tree, int howMany) throws IOException {
    List<Path> left = new ArrayList<>(Tree.files(tree));
    SplittableRandom random = new SplittableRandom(SEED);
    List<Path> chosen = new ArrayList<>();
    do {
      int last = left.size() - 1;
      int index = random.nextInt(left.size());
      chosen.add(left.get(index));
      left.set(index, left.get(last));
      left.remove(last);
    } while (chosen.size() < howMany);
    return chosen;
  }

  static void apply(List<Path> files) throws IOException {
    for (Path each : files) {
      try (FileChannel file =
          FileChannel.open(each, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        file.read(number, 0);
        file.write(ByteBuffer.allocate(Long.BYTES).putLong(0, number.getLong(0) + 1), 0);
      }
    }
  }
}
