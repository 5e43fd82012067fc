package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A repository, and what restic keeps of it in its cache: one goes with the other when a state is
 * copied, so that each run of restic finds the cache as the run before in that history left it.
 *
 * @param directory that holds both
 */
record Repository(Path directory) {

  Path files() {
    return directory.resolve("repository");
  }

  Path cache() {
    return directory.resolve("cache");
  }

  /** Another of the same state at a place where nothing is. */
  Repository linkedTo(Path place) throws IOException {
    Tree.link(directory, place);
    return new Repository(place);
  }

  long snapshots() throws IOException {
    return TreeSize.of(files().resolve("snapshots")).files();
  }

  /** Bytes of all its files. */
  long bytes() throws IOException {
    return TreeSize.of(files()).bytes();
  }

  /** The only snapshot. */
  String onlySnapshot() throws IOException {
    try (var all = Files.list(files().resolve("snapshots"))) {
      return all.findFirst().orElseThrow().getFileName().toString();
    }
  }
}
