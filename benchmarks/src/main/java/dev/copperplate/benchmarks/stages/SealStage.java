package dev.copperplate.benchmarks.stages;

import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Encryption and MAC of containers, and the way back. Every kind of data takes the same time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SealStage {

  final Sealer sealer = new Sealer(MasterKey.random(new SecureRandom()));
  private final byte[][] pieces = Pieces.of(DataKind.RANDOM);
  private final byte[][] containers = new byte[Pieces.COUNT][];
  private final byte[] container = new byte[Pieces.SIZE + Sealer.OVERHEAD];
  private final byte[] plain = new byte[Pieces.SIZE];

  public SealStage() {
    for (int i = 0; i < Pieces.COUNT; i++) {
      containers[i] = sealer.seal(pieces[i]);
    }
  }

  /** Returns the last container, which the next call overwrites. */
  @Benchmark
  @OperationsPerInvocation(Pieces.BYTES)
  public byte[] seal() {
    for (byte[] each : pieces) {
      sealer.seal(each, 0, each.length, container, 0);
    }
    return container;
  }

  /** Returns what the last container holds, which the next call overwrites. */
  @Benchmark
  @OperationsPerInvocation(Pieces.BYTES)
  public byte[] open() throws DamagedContainerException {
    for (byte[] each : containers) {
      sealer.open(each, 0, each.length, plain, 0);
    }
    return plain;
  }
}
