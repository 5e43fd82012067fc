package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * How much is in a tree.
 *
 * @param files how many regular files
 * @param bytes their lengths together
 */
record TreeSize(long files, long bytes) {

  static TreeSize of(Path tree) throws IOException {
    Count count = new Count();
    Files.walkFileTree(tree, count);
    return new TreeSize(count.files, count.bytes);
  }

  private static final class Count extends SimpleFileVisitor<Path> {

    private long files;
    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        files++;
        bytes += attributes.size();
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
