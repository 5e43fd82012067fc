package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The state of the system's page cache when the clock starts. */
enum PageCache {

  /** What is to be read has just been read, if it fills less than half of the memory. */
  WARM("warm: what is to be read has just been read once") {
    @Override
    void prepare(Iterable<Path> inputs) throws IOException {
      for (Path each : inputs) {
        if (TreeSize.of(each).bytes() < Machine.memoryBytes() / 2) {
          Tree.read(each);
        }
      }
    }
  },

  /** Empty, the programs themselves included. Needs root. */
  COLD("cold: emptied before each run") {
    @Override
    void prepare(Iterable<Path> inputs) throws IOException {
      Files.writeString(DROP, "3\n", StandardCharsets.US_ASCII);
    }

    @Override
    boolean possible() {
      return Files.isWritable(DROP);
    }
  };

  private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");

  private final String title;

  PageCache(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Whether we may bring it into this state. */
  boolean possible() {
    return true;
  }

  /**
   * Brings the cache into this state.
   *
   * @param inputs trees that the measured program reads
   */
  abstract void prepare(Iterable<Path> inputs) throws IOException;
}
