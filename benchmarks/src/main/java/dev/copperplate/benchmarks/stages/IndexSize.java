package dev.copperplate.benchmarks.stages;

import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.benchmarks.CommandLine;
import dev.copperplate.benchmarks.DirectoryRemoval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** How much memory the index of a repository takes, when it is loaded and while it is. */
public final class IndexSize {

  private static final String WORK = "--work";
  private static final String BLOBS = "--blobs";
  private static final String PER_PACK = "--per-pack";
  private static final String USAGE =
      """
      IndexSize --work DIR [--blobs N] [--per-pack N]
        --work DIR     where the index files are, and are removed again
        --blobs N      1000000 unless told
        --per-pack N   blobs of each pack; 20 unless told. Small files make it hundreds""";

  private IndexSize() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    CommandLine line = new CommandLine(USAGE, List.of(WORK, BLOBS, PER_PACK), arguments);
    int blobs = line.count(BLOBS, IndexStage.BLOBS);
    Path work = Files.createDirectories(line.path(WORK));
    Path directory = Files.createTempDirectory(work, "index-size");
    try {
      print(
          blobs,
          new ManyBlobs(blobs, line.count(PER_PACK, ManyBlobs.PER_PACK)).store(directory),
          System.out);
    } finally {
      DirectoryRemoval.remove(directory);
    }
  }

  static void print(int blobs, ObjectStore store, PrintStream out)
      throws IOException, InterruptedException {
    // Once before, so that classes and buffers that stay are there already.
    new StoredIndex(store).refresh();
    LiveHeap heap = new LiveHeap();
    long before = heap.now();
    StoredIndex index = new StoredIndex(store);
    long most = heap.mostDuring(index::refresh);
    long after = heap.now();
    BlobIndex loaded = index.current();
    long taken = after - before;
    out.printf(
        Locale.ROOT,
        "%d blobs in %d packs: %.1f bytes of heap a blob with the packs, %.1f of them for entries"
            + " and slots%n",
        blobs,
        loaded.packs(),
        (double) taken / blobs,
        (double) loaded.bytes() / blobs);
    out.printf(
        Locale.ROOT,
        "Live while it was loaded: at most %.1f MiB above the %.1f MiB that stay%n",
        mebibytes(Math.max(0, most - after)),
        mebibytes(taken));
  }

  private static double mebibytes(long bytes) {
    return (double) bytes / (1 << 20);
  }
}
