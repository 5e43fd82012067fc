package dev.copperplate.benchmarks.stages;

import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The key of a password, which every opening of a repository waits for: scrypt of 32 MiB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class KeyStage {

  private static final int N = 1 << 15;
  private static final int R = 8;

  /** How often: 1 is what restic usually settles at, 3 what we write. */
  @Param({"1", "3"})
  int p = 1;

  private final byte[] salt = new byte[KeyDerivation.SALT_SIZE];
  private final char[] password = "correct horse battery staple".toCharArray();

  @Benchmark
  public MasterKey derive() {
    return new KeyDerivation(N, R, p).derive(password, salt);
  }
}
