package dev.copperplate.benchmarks.stages;

import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The MAC of containers alone: with the time of sealing, it tells that of the encryption. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MacStage {

  private static final int TAG_SIZE = 16;

  private final byte[][] pieces = Pieces.of(DataKind.RANDOM);
  private final KeyParameter key =
      new KeyParameter(
          new byte[] {
            // The first half with the bits clear that r must not have.
            1, 2, 3, 4, 4, 6, 7, 8, 8, 10, 11, 12, 12, 14, 15, 0,
            17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32
          });
  private final Poly1305 poly1305 = new Poly1305();
  private final byte[] tag = new byte[TAG_SIZE];

  /** Bouncy Castle's. Returns the tag of the last piece, which the next call overwrites. */
  @Benchmark
  @OperationsPerInvocation(Pieces.BYTES)
  public byte[] bouncyCastle() {
    for (byte[] each : pieces) {
      poly1305.init(key);
      poly1305.update(each, 0, each.length);
      poly1305.doFinal(tag, 0);
    }
    return tag;
  }
}
