package dev.copperplate.benchmarks.stages;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import java.security.SecureRandom;
import java.util.Arrays;
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

/**
 * What a backup does to be sure of what it is about to store: opens it, decompresses it, and
 * compares it with what was read. Speeds are of the plain bytes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SelfCheckStage {

  @Param({"RANDOM", "ROWS"})
  DataKind kind = DataKind.RANDOM;

  private final Sealer sealer = new Sealer(MasterKey.random(new SecureRandom()));
  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
  private final byte[][] containers = new byte[Pieces.COUNT][];
  private final byte[] opened = Pieces.room();
  private final byte[] unfolded = new byte[Pieces.SIZE];
  private byte[][] pieces = new byte[0][];

  @Setup
  public void prepare() {
    pieces = Pieces.of(kind);
    try (ZstdCompressCtx compressor = Pieces.compressor(Roofline.LEVEL)) {
      for (int i = 0; i < Pieces.COUNT; i++) {
        containers[i] = sealer.seal(Pieces.stored(compressor, pieces[i]));
      }
    }
  }

  /** Returns how many pieces are what they were. */
  @Benchmark
  @OperationsPerInvocation(Pieces.BYTES)
  public int check() throws DamagedContainerException {
    int same = 0;
    for (int i = 0; i < Pieces.COUNT; i++) {
      byte[] container = containers[i];
      int size = sealer.open(container, 0, container.length, opened, 0);
      byte[] back = opened;
      if (size < Pieces.SIZE) {
        size = decompressor.decompressByteArray(unfolded, 0, Pieces.SIZE, opened, 0, size);
        back = unfolded;
      }
      if (Arrays.equals(back, 0, size, pieces[i], 0, Pieces.SIZE)) {
        same++;
      }
    }
    return same;
  }

  @TearDown
  public void close() {
    decompressor.close();
  }
}
