package dev.copperplate.benchmarks.stages;

import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.IndexWriter;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.benchmarks.DirectoryRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The index of a million blobs: asking it, loading it from its files, and writing such a file. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first.
public class IndexStage {

  static final int BLOBS = 1_000_000;
  static final int QUESTIONS = 1 << 16;

  private Path directory;
  private ObjectStore store;
  private BlobIndex index;
  private List<Sha256> known;
  private List<Sha256> unknown;
  private Map<Sha256, List<PackEntry>> oneFile;

  @Setup
  public void prepare() throws IOException {
    prepare(BLOBS);
  }

  /** With another number of blobs, whose times are not of a blob. */
  void prepare(int blobs) throws IOException {
    directory = Files.createTempDirectory("index-stage");
    store = new ManyBlobs(blobs, ManyBlobs.PER_PACK).store(directory);
    index = load();
    SplittableRandom random = ManyBlobs.random();
    Map<Sha256, List<PackEntry>> all = new LinkedHashMap<>();
    for (int left = blobs; left > 0; left -= StoredIndex.BLOBS_PER_FILE) {
      all.putAll(
          ManyBlobs.packs(Math.min(left, StoredIndex.BLOBS_PER_FILE), ManyBlobs.PER_PACK, random));
    }
    known = ManyBlobs.some(QUESTIONS, all, random);
    unknown = Stream.generate(() -> ManyBlobs.id(random)).limit(QUESTIONS).toList();
    oneFile =
        ManyBlobs.packs(Math.min(blobs, StoredIndex.BLOBS_PER_FILE), ManyBlobs.PER_PACK, random);
  }

  /** Time of a question for a blob that is there. Returns how many of them are. */
  @Benchmark
  @OperationsPerInvocation(QUESTIONS)
  public int lookUpKnown() {
    return found(known);
  }

  /** Time of a question for a blob that is not there. Returns how many of them are. */
  @Benchmark
  @OperationsPerInvocation(QUESTIONS)
  public int lookUpUnknown() {
    return found(unknown);
  }

  private int found(List<Sha256> ids) {
    int found = 0;
    for (Sha256 each : ids) {
      if (index.find(BlobType.DATA, each, pack -> true) != null) {
        found++;
      }
    }
    return found;
  }

  /** Time a blob of reading all files: listing, opening, decompressing, parsing, adding. */
  @Benchmark
  @OperationsPerInvocation(BLOBS)
  public BlobIndex load() throws IOException {
    StoredIndex stored = new StoredIndex(store);
    stored.refresh();
    return stored.current();
  }

  /** Time a blob of making the JSON of one file. */
  @Benchmark
  @OperationsPerInvocation(StoredIndex.BLOBS_PER_FILE)
  public byte[] write() {
    IndexWriter writer = new IndexWriter();
    oneFile.forEach(writer::add);
    return writer.finish();
  }

  @TearDown
  public void remove() throws IOException {
    DirectoryRemoval.remove(directory);
  }
}
