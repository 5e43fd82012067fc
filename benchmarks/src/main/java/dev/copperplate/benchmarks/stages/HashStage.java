package dev.copperplate.benchmarks.stages;

import dev.copperplate.backup.repository.format.Sha256;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** SHA-256, which names each blob and each pack. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first.
public class HashStage {

  private final byte[][] pieces = Pieces.of(DataKind.RANDOM);
  private MessageDigest packDigest;

  @Setup
  public void prepare() throws NoSuchAlgorithmException {
    packDigest = MessageDigest.getInstance("SHA-256");
  }

  /** The ids of blobs; returns something of all of them. */
  @Benchmark
  @OperationsPerInvocation(Pieces.BYTES)
  public long blobs() {
    long word = 0;
    for (byte[] each : pieces) {
      word ^= Sha256.hash(each, 0, each.length).word(0);
    }
    return word;
  }

  /** The id of a pack of all the pieces. */
  @Benchmark
  @OperationsPerInvocation(Pieces.BYTES)
  public byte[] pack() {
    for (byte[] each : pieces) {
      packDigest.update(each);
    }
    return packDigest.digest();
  }
}
