package dev.copperplate.benchmarks.stages;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
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
import org.openjdk.jmh.annotations.TearDown;

/** zstd over pieces of files, one context for all of them. Speeds are of the plain bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CompressStage {

  @Param DataKind kind = DataKind.RANDOM;

  @Param({"1", "2", "3", "4", "6"})
  int level = 3;

  private final byte[] room = Pieces.room();
  private final byte[] unfolded = new byte[Pieces.SIZE];
  private final byte[][] frames = new byte[Pieces.COUNT][];
  private final ZstdCompressCtx compressor = Pieces.compressor(Roofline.LEVEL);
  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
  private byte[][] pieces = new byte[0][];

  @Setup
  public void prepare() {
    compressor.setLevel(level);
    pieces = Pieces.of(kind);
    for (int i = 0; i < Pieces.COUNT; i++) {
      frames[i] = compressor.compress(pieces[i]);
    }
  }

  /** Returns how many bytes they become. */
  @Benchmark
  @OperationsPerInvocation(Pieces.BYTES)
  public long compress() {
    long size = 0;
    for (byte[] each : pieces) {
      size += compressor.compressByteArray(room, 0, room.length, each, 0, each.length);
    }
    return size;
  }

  /** Returns how many plain bytes they have. */
  @Benchmark
  @OperationsPerInvocation(Pieces.BYTES)
  public long decompress() {
    long size = 0;
    for (byte[] each : frames) {
      size += decompressor.decompressByteArray(unfolded, 0, Pieces.SIZE, each, 0, each.length);
    }
    return size;
  }

  @TearDown
  public void close() {
    compressor.close();
    decompressor.close();
  }
}
