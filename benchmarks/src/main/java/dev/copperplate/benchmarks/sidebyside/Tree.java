package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What is done with whole trees while no clock runs. */
final class Tree {

  private Tree() {}

  /**
   * Makes a tree of the same directories whose files are hard links. Good for files that are never
   * changed in place, as those of a repository: it takes no time, and the links are in the page
   * cache when the files are.
   */
  static void link(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Path copy = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(copy);
        } else {
          Files.createLink(copy, each);
        }
      }
    }
  }

  /** Reads every file, so that it is in the page cache if there is room. */
  static void read(Path tree) throws IOException {
    for (Path each : files(tree)) {
      try (InputStream in = Files.newInputStream(each)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  /** All regular files, in the order of their paths. */
  static List<Path> files(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
