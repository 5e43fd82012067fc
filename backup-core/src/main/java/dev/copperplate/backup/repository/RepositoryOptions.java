package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.pack.BlobWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * How a repository is used. Start from {@link #DEFAULT} and change what differs.
 *
 * @param environment label of the environment that snapshots are written from; restic's host name
 * @param memoryBytes budget of each running backup for data in flight: from the moment when a chunk
 *     is cut until its pack is stored; at least 80 MiB. Each open file adds up to 8 MiB for its
 *     unfinished chunk, each thread that compresses up to 16 MiB of buffers, and the index about 60
 *     bytes for each blob of the repository
 * @param threads how many threads read for a source or write for a restorer, and how many hash,
 *     compress and seal; two more store packs
 * @param compressionLevel of zstd, 1 to 22
 * @param selfCheck whether everything that is about to be stored is opened again and compared with
 *     what was read, so that faulty memory cannot spoil a backup
 * @param scratch the directory in which runs make their scratch directories
 * @param clock the time of snapshots and locks
 * @param listeners told of what goes on
 */
public record RepositoryOptions(
    String environment,
    long memoryBytes,
    int threads,
    int compressionLevel,
    boolean selfCheck,
    Path scratch,
    InstantSource clock,
    List<BackupListener> listeners) {

  private static final int MAX_THREADS = 64;
  private static final int MAX_COMPRESSION_LEVEL = 22;

  /** 96 MiB, one thread for each processor up to four, zstd level 3, self-check on. */
  public static final RepositoryOptions DEFAULT =
      new RepositoryOptions(
          "default",
          96L << 20,
          Math.min(4, Runtime.getRuntime().availableProcessors()),
          3,
          true,
          Path.of(System.getProperty("java.io.tmpdir")),
          InstantSource.system(),
          List.of());

  public RepositoryOptions {
    if (environment.isBlank() || environment.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("An environment needs a label");
    }
    if (memoryBytes < BlobWriter.LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "A backup needs at least " + BlobWriter.LEAST_MEMORY + " bytes: " + memoryBytes);
    }
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException("1 to " + MAX_THREADS + " threads: " + threads);
    }
    if (compressionLevel < 1 || compressionLevel > MAX_COMPRESSION_LEVEL) {
      throw new IllegalArgumentException("zstd has the levels 1 to 22: " + compressionLevel);
    }
    listeners = List.copyOf(listeners);
  }

  public RepositoryOptions environment(String label) {
    return new RepositoryOptions(
        label, memoryBytes, threads, compressionLevel, selfCheck, scratch, clock, listeners);
  }

  public RepositoryOptions memoryBytes(long bytes) {
    return new RepositoryOptions(
        environment, bytes, threads, compressionLevel, selfCheck, scratch, clock, listeners);
  }

  public RepositoryOptions threads(int count) {
    return new RepositoryOptions(
        environment, memoryBytes, count, compressionLevel, selfCheck, scratch, clock, listeners);
  }

  public RepositoryOptions compressionLevel(int level) {
    return new RepositoryOptions(
        environment, memoryBytes, threads, level, selfCheck, scratch, clock, listeners);
  }

  public RepositoryOptions selfCheck(boolean on) {
    return new RepositoryOptions(
        environment, memoryBytes, threads, compressionLevel, on, scratch, clock, listeners);
  }

  public RepositoryOptions scratch(Path directory) {
    return new RepositoryOptions(
        environment,
        memoryBytes,
        threads,
        compressionLevel,
        selfCheck,
        directory,
        clock,
        listeners);
  }

  public RepositoryOptions clock(InstantSource source) {
    return new RepositoryOptions(
        environment, memoryBytes, threads, compressionLevel, selfCheck, scratch, source, listeners);
  }

  /** With one more listener. */
  public RepositoryOptions listener(BackupListener listener) {
    List<BackupListener> more = new ArrayList<>(listeners);
    more.add(listener);
    return new RepositoryOptions(
        environment, memoryBytes, threads, compressionLevel, selfCheck, scratch, clock, more);
  }
}
