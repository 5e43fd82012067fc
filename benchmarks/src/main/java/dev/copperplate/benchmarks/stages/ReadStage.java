package dev.copperplate.benchmarks.stages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reading a file that the operating system has in memory, in the portions of a files source. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first.
public class ReadStage {

  static final int BYTES = 64 << 20;
  private static final int PORTION = 256 << 10;

  private final ByteBuffer buffer = ByteBuffer.allocate(PORTION);
  private Path path;
  private FileChannel file;

  @Setup
  public void prepare() throws IOException {
    path = Files.createTempFile("read-stage", "");
    Files.write(path, DataKind.RANDOM.bytes(BYTES));
    file = FileChannel.open(path, StandardOpenOption.READ);
  }

  @Benchmark
  @OperationsPerInvocation(BYTES)
  public long read() throws IOException {
    file.position(0);
    long bytes = 0;
    for (int count = file.read(buffer.clear()); count >= 0; count = file.read(buffer.clear())) {
      bytes += count;
    }
    return bytes;
  }

  @TearDown
  public void remove() throws IOException {
    file.close();
    Files.delete(path);
  }
}
