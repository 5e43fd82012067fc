package dev.copperplate.benchmarks.stages;

import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.benchmarks.DirectoryRemoval;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** Writing packs into a directory: what it costs the processor, and what the disk makes of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first.
public class WriteStage {

  /** Of a pack: 16 MiB. */
  static final int BYTES = 16 << 20;

  /** In which a local directory is written. */
  private static final int PORTION = 128 << 10;

  private static final ObjectKey KEY = new ObjectKey("data/00/pack");

  private final byte[] pack = DataKind.RANDOM.bytes(BYTES);
  private Path directory;
  private Path file;
  private LocalTarget target;

  @Setup
  public void prepare() throws IOException {
    directory = Files.createTempDirectory("write-stage");
    file = directory.resolve("pack");
    target = LocalTarget.at(directory.resolve("target"));
  }

  /** Into a new file, up to the memory of the operating system and no further. */
  @Benchmark
  @OperationsPerInvocation(BYTES)
  public long write() throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int done = 0; done < BYTES; done += PORTION) {
        out.write(ByteBuffer.wrap(pack, done, PORTION));
      }
      return out.position();
    }
  }

  /** As the engine stores a pack, synced, by the two threads that it has for that. */
  @Benchmark
  @Threads(2)
  @OperationsPerInvocation(BYTES)
  public void put() throws IOException {
    target.put(KEY, Content.of(pack), PutOptions.DATA);
  }

  /** So that every pack is a new file. Not measured. */
  @TearDown(Level.Invocation)
  public void removePack() throws IOException {
    Files.deleteIfExists(file);
    target.delete(List.of(KEY));
  }

  @TearDown
  public void removeDirectory() throws IOException {
    DirectoryRemoval.remove(directory);
  }
}
