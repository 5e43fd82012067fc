package dev.copperplate.benchmarks.stages;

import dev.copperplate.backup.repository.chunk.Chunker;
import dev.copperplate.backup.repository.chunk.Polynomial;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Cutting content into chunks as a file of a snapshot does it: appends of 128 KiB to the buffer of
 * the current chunk, and what lies behind a border moved to the front. One buffer serves all.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ChunkStage {

  static final int BYTES = 64 << 20;
  private static final int STEP = 128 << 10;

  @Param({"RANDOM", "ROWS"})
  DataKind kind = DataKind.RANDOM;

  private final Chunker chunker = new Chunker(Polynomial.parse("3da3358b4dc173"));
  private final byte[] chunk = new byte[Chunker.MAX_SIZE];
  private byte[] content = new byte[0];

  @Setup
  public void prepare() {
    content = kind.bytes(BYTES);
  }

  /** Returns how many chunks there are. */
  @Benchmark
  @OperationsPerInvocation(BYTES)
  public int copyAndChunk() {
    int chunks = 0;
    int used = 0;
    int done = 0;
    while (done < content.length) {
      int step = Math.min(Math.min(STEP, content.length - done), chunk.length - used);
      System.arraycopy(content, done, chunk, used, step);
      done += step;
      used += step;
      for (int border = chunker.scan(chunk, used); border > 0; ) {
        used -= border;
        System.arraycopy(chunk, border, chunk, 0, used);
        chunks++;
        border = chunker.scan(chunk, used);
      }
    }
    chunker.reset();
    return used > 0 ? chunks + 1 : chunks;
  }
}
